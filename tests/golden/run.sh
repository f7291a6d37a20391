# SPDX-License-Identifier: MIT
dir=$(mktemp -d) && cd "$dir" || exit 1
trap 'rm -rf "$dir"' EXIT
cat > some.lua <<'LUA'
describe("memory", function()
  it("is fine", function() kfree(kmalloc(64)) end)
  it("is <not> \"fine\" & so # on", function()
    local dev = device("eth0")
    devm_kmalloc(dev, 100)
    assert.equal(1, #devres(dev) + 1)
  end)
  it("complains", function() devm_kfree(device("eth0"), 4096) end)
  pending("is for later")
end)
LUA
echo 'x = = 1' > syntax.lua
echo 'x = 1' > empty.lua
echo 'devm_kmalloc eth0 64' > broken.dsh
# no two runs take the same time
untimed() {
	sed -E -e 's/ (time|timestamp)="[^"]*"/ \1="..."/g' \
		-e 's/"(seconds|started|devsh)":("[^"]*"|[0-9.e-]*)/"\1":"..."/g' \
		-e 's/(name="devsh" value=)"[^"]*"/\1"..."/' "$@"
}
for format in pretty tap junit ktap json github; do
	"$DEVSH" run --format=$format . > "$dir/report"
	status=$?
	untimed "$dir/report"
	echo "status $status"
done
rm report
"$DEVSH" run --report tap14=tap14 --report json=/dev/full --report junit=nosuch/a.xml some.lua | tail -n 1
"$DEVSH" run --report tap14=tap14 --report json=/dev/full --report junit=nosuch/a.xml some.lua > report
echo "status $?"
untimed tap14
rm report tap14
"$DEVSH" run some.lua:3
"$DEVSH" run some.lua:6 | sed -n 1,2p
"$DEVSH" run some.lua:11
"$DEVSH" run --list some.lua
echo "status $?"
"$DEVSH" run --filter fine some.lua | tail -n 1
"$DEVSH" run --filter 'is fine' some.lua
echo "status $?"
"$DEVSH" run --filter nothing some.lua
echo "status $?"
"$DEVSH" some.lua | tail -n 1
# what no checker sees is what a waiting assertion says
cat > unseen.lua <<'LUA'
it("waits in vain", function()
  boot{ release = "6.12", kasan = "on" }
  local p = devm_kmalloc(device("eth0"), 10)
  assert.warns(function() p[10] = 1 end, "slab-out-of-bounds")
end)
LUA
"$DEVSH" run unseen.lua
echo "status $?"
rm unseen.lua
mkdir nothing
"$DEVSH" run nothing
echo "status $?"
