# SPDX-License-Identifier: MIT
# What is lost at the end: said, an error, or nobody asks.
lose='device eth0; driver demo probe={ kmalloc 64 }; bind eth0 demo; unbind eth0'
for check in yes no error; do
	echo "-- $check"
	"$DEVSH" --leak-check "$check" -c "$lose"
	echo "exit $?"
done
echo "-- typed"
"$DEVSH" -c 'kmalloc 64'
"$DEVSH" --leak-check=error -c 'kmalloc 64'
echo "exit $?"
"$DEVSH" --leak-check=error -c 'q = kmalloc 64; device eth0; devm_kmalloc eth0 64'
echo "exit $?"
"$DEVSH" --leak-check=error -c 'kmalloc 64; frobnicate'
echo "exit $?"
"$DEVSH" --leak-check=maybe -c 'kmalloc 64'
echo "exit $?"
echo "-- scenarios"
dir=$(mktemp -d) && cd "$dir" || exit 1
trap 'rm -rf "$dir"' EXIT
cat > some.lua <<'LUA'
local kept
local function demo(probe)
  local dev = device("eth0")
  bind(dev, driver{ name = "demo", probe = probe })
  unbind(dev)
end
describe("a driver", function()
  it("loses two", function() demo(function() kmalloc(64) kmalloc(100) end) end)
  it("leaves one to a variable", function() demo(function() kept = kmalloc(8) end) end)
  it("is clean", function() demo(function(dev) devm_kmalloc(dev, 64) end) end)
  it("is not asked what the test holds", function() kept = kmalloc(64) end)
end)
LUA
"$DEVSH" run --leak-check=error --format=tap some.lua
echo "exit $?"
"$DEVSH" some.lua
echo "exit $?"
