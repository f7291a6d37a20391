# SPDX-License-Identifier: MIT
# What a complaint of the kernel makes of the exit code.
oops='memset NULL 0 8'
run() { echo "$*"; "$DEVSH" --leak-check=no "$@" 2>&1 >/dev/null </dev/null; echo "[exit $?]"; }

run -c "! $oops"
run -c "$oops"
run -c "! $oops; boot; ! $oops"
run -c "warns Oops { $oops }"
run -c "warns Oops { $oops }; ! $oops"
run -c "! $oops; boot; kmalloc 8"
run -c "warns Oops { warns Oops { $oops } }; ! $oops"
run -e 'local w = assert.warns w(function() w(function() memset(nil, 0, 8) end) end) pcall(memset, nil, 0, 8)'
run -c "! $oops" -c "nosuch"
run -c "! $oops; undo"
run -c "compare release=6.1,6.12 { $oops }"
run -c "compare release=6.1,6.12 { device a; devm_kfree a 4096 }"
run -c "compare release=6.1,6.12 { kmalloc 64 GFP_KERNL }"
run -c "compare release=4.9,6.12 { device a; device b; device_link_add a b }"
run -e 'pcall(memset, nil, 0, 8)'
run -e 'assert.warns(function() memset(nil, 0, 8) end, "Oops")'
run -c 'spin_lock_irqsave { kmalloc 64 }'
run --json -c "! $oops"
run --leak-check=error -c "kmalloc 8; ! $oops"

d=$(mktemp -d)
trap 'rm -r "$d"' EXIT
cd "$d" || exit
echo "warns Oops { $oops }" > expected.dsh
echo "! $oops" > complains.dsh
echo "! $oops; boot" > before.dsh
echo "pcall(memset, nil, 0, 8) it('runs', function() end)" > outside.lua
"$DEVSH" run --format=tap expected.dsh complains.dsh before.dsh outside.lua | grep -E 'ok|message|complained'
"$DEVSH" outside.lua 2>&1 | tail -1
