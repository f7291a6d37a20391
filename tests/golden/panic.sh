# SPDX-License-Identifier: MIT
# What ends the machine: the lines from the panic on, and what goes on behind it.
run() {
	boot=$1
	shift
	echo "== $boot: $*"
	"$DEVSH" --leak-check=no --boot "$boot" -k -c "$*" >out 2>&1 </dev/null
	status=$?
	# one report in front of it, not all of its lines
	grep -vE '^\[ ' out >said
	sed -n '/Kernel panic - not syncing/,$p' out | grep -E '^\[ ' | cut -c 16- |
		grep -vE "$skip"
	cat said
	echo "[exit $status]"
}
d=$(mktemp -d)
trap 'rm -r "$d"' EXIT
cd "$d" || exit
skip=NOTHING
run panic_on_warn=1 'device a; p = devm_kmalloc a 8; devm_kfree a $p; devm_kfree a $p'
# other traces are as long
skip='^ (<|\[|[a-z_]+\+)|^Call [Tt]race'
warn='device a; p = devm_kmalloc a 8; devm_kfree a $p; devm_kfree a $p'
twice='p = kmalloc 8; kfree $p; kfree $p'

for r in 4.9 4.19 5.10 6.1 6.12 7.2; do
	run "release=$r panic_on_warn=1" "$warn; kmalloc 8"
done
run 'release=4.19 panic_on_warn=1 panic=10' "$warn"
run 'panic_on_warn=1 panic=-1 arch=arm64' "$warn"
for r in 4.9 4.19 5.10 6.1 6.12; do
	run "release=$r panic_on_warn=1 slub_debug=- kasan=on" "$twice"
done
run 'panic_on_warn=1 kasan_multi_shot=1 slub_debug=- kasan=on' "$twice"
run 'release=6.1 kasan.fault=panic' "$twice"
run 'kasan.fault=report' "$twice"
run 'kasan.fault=panic_on_write' "$twice"
run 'kasan.fault=panic_on_write kasan_multi_shot=1' 'p = kmalloc 8; lua print(p[9]) p[9] = 1 print("not reached")'
for a in x86_64 arm64 riscv64 arm; do
	run "arch=$a oops=panic" 'memset NULL 0 8'
	run "arch=$a oops=panic" 'device a; r = devres_alloc f 8; devres_add a $r; devres_free $r'
done
run 'arch=riscv64' 'device a; r = devres_alloc f 8; devres_add a $r; devres_free $r; kmalloc 8'
# the callback ends there, and what is behind it; looking and booting go on
run 'oops=panic' 'device a; driver d probe={ memset NULL 0 8; echo no }; bind a d; kmalloc 8
dmesg | tail -1
machine | tail -1
fsck
boot
kmalloc 8'
run 'oops=panic' 'p = kmalloc 8; ! memset NULL 0 8; undo; kmalloc 8'
run 'oops=panic' 'warns "not syncing: Fatal exception" { memset NULL 0 8; echo no }; ! kmalloc 8'
run 'oops=panic' 'lua print(pcall(memset, nil, 0, 8)) print(pcall(kmalloc, 8))'
# sysctls
cd=/proc/sys/kernel
run '' "ls $cd; echo 1 > $cd/panic_on_warn; cat $cd/panic_on_warn; $warn"
run '' "echo 2 > $cd/panic_on_warn; echo 1 > $cd/panic_on_oops; echo 3 > $cd/panic; memset NULL 0 8"
run '' "echo 2 > $cd/oops_limit; warns Oops { memset NULL 0 8 }; memset NULL 0 8"
run 'release=6.1' "echo 2 > $cd/warn_limit; $warn; devm_kfree a \$p"
run 'release=4.19' "ls $cd; cat $cd/warn_limit"
# what is no value, or no parameter of the release
for p in panic_on_warn=2 oops=warn panic=soon kasan.fault=stop 'release=5.10 kasan.fault=panic' \
	'release=6.1 kasan.fault=panic_on_write'; do
	run "$p" 'kmalloc 8'
done
# a scenario fails unless it expects it
cat > panics.lua <<'END'
it("fails", function() boot{ oops = "panic" } pcall(memset, nil, 0, 8) end)
it("expects it", function()
  boot{ oops = "panic" }
  local dev = device("a")
  driver{ name = "d", probe = function() pcall(memset, nil, 0, 8) print("not reached") end }
  assert.warns(function() bind(dev, "d") end, "Kernel panic - not syncing: Fatal exception")
  assert.has_error(function() kmalloc(8) end, "Kernel panic")
  boot()
  assert(kmalloc(8))
end)
END
"$DEVSH" run --format=tap panics.lua | grep -E 'ok|complained|reached'
