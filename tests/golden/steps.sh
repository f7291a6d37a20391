# SPDX-License-Identifier: MIT
# Where steps come from: -c, -e, files that are sourced, files that change, scenarios.
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/a.dsh" <<'END'
device eth0
devm_kmalloc eth0 64
END
cat > "$dir/b.lua" <<'END'
device("eth1")
x = kmalloc(100)
END
cat > "$dir/c.dsh" <<'END'
driver d probe={ source a.dsh }
device eth2
bind eth2 d
undo
redo
steps
END
cat > "$dir/d.dsh" <<'END'
device eth3
undo
END
cat > "$dir/e.lua" <<'END'
describe("a", function() it("b", function() device("eth4") end) end)
END
cd "$dir"
echo "-c and -e:"
"$DEVSH" -c 'device eth0' -e 'kmalloc(8) kmalloc(8)' -c 'steps; undo; undo; steps; redo 2; objects'
echo "sourced:"
"$DEVSH" -c 'source a.dsh; source b.lua; steps' -c 'undo 2' -c 'devres; redo 2; = x ~= nil'
echo "a file is not read or written again:"
"$DEVSH" -c 'source a.dsh > out' -c 'objects > kept; device eth9' -c 'undo 2; steps'
rm out kept a.dsh
"$DEVSH" -c 'device eth0 > out' -c 'kmalloc 8 | cat >> kept' -c 'undo; redo' -e 'print("once")' -c 'device eth1; undo; undo'
cat kept
echo "read inside of a block:"
echo 'devm_kmalloc $dev 8' > a.dsh
"$DEVSH" -k c.dsh
"$DEVSH" -k -c 'device eth2; driver d probe={ source a.dsh }; bind eth2 d; unbind eth2; undo; goto 2; redo; undo; steps'
echo "a scenario:"
"$DEVSH" run d.dsh
echo "JSON:"
"$DEVSH" --json -k -c 'device eth0; undo; undo; redo; steps; kmalloc 8; diff 1' -c 'compare release=4.9,6.12 { kmalloc 0; device a; devm_kmalloc a 8 }'
