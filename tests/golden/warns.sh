# SPDX-License-Identifier: MIT
# warns: complaints that are expected, and those that do not come. The reports
# themselves are told elsewhere.
d=$(mktemp -d)
trap 'rm -r "$d"' EXIT
cd "$d" || exit
cat > warns.dsh <<'END'
verbose on
# a complaint that is expected is none at the end
device eth0
warns "" { kfree 0x1000 }
warns "Oops" { memset NULL 0 8 }
# the task dies of it wherever it is, and what is behind it does not run
driver oops probe={ memset NULL 0 8; echo no }
warns "NULL pointer dereference" { bind eth0 oops; echo no }
warns Oops memset NULL 0 8
warns Oops { lua memset(nil, 0, 8) }
# none comes, or another one
warns "refcount" { kmalloc 8 }
warns "" kmalloc 8
warns "refcount" { memset NULL 0 8 }
# what fails besides is no part of it
warns Oops { ! memset NULL 0 8; kmalloc 64 GFP_KERNL }
driver wrong probe={ kmalloc 64 GFP_KERNL }
device eth1
warns Oops { bind eth1 wrong; echo no }
warns Oops { device wrong.0; memset NULL 0 8 }
# one in another, over a boot, and as Lua
warns Oops { warns KASAN { memset NULL 0 8 } }
warns Oops { boot release=6.1; memset NULL 0 8 }
warns "a 'b'" { kmalloc 8 } --lua
warns Oops memset NULL 0 8 --lua
warns
warns { kmalloc 8 }
# only the first report of a boot is printed; all of them count
boot slub_debug=- kasan=on
p = kmalloc 8
warns KASAN { kfree $p+1 }
warns KASAN { memset $p 0 9 }
warns "" { memset $p 0 9 }
END
"$DEVSH" -k warns.dsh > out 2>&1
status=$?
grep -v '^\[ ' out
exit $status
