# SPDX-License-Identifier: MIT
# A million wrong writes: ten reports, then their number, and nothing is lost.
# Of reports only the headers are shown, without their time.
$DEVSH -k - 2>&1 << 'END' | sed -n 's/^\[[^]]*\] /: /; t log
	p; d
	: log
	/BUG\|suppressed\|WARNING/p' | uniq -c
boot kasan_multi_shot=on
q = kmalloc 64
=for i = 1, 1000000 do q[64] = 1 end
cat /proc/sys/kernel/tainted
fsck
# what comes next is told again, and other kinds are other reports
=q[65] = 1; q[70] = 2
kfree $q
kfree $q
=for i = 1, 12 do q[0] = 1 end
=for i = 1, 12 do kfree(q) end
fsck
# the allocator's own, found by a check
boot kasan=off
q = kmalloc 8
=for i = 1, 100000 do q[8] = 1; slab_validate("kmalloc-8") end
slab_validate
=for i = 1, 100000 do kfree(q + 1) end
fsck
# a WARN, and an address without memory
boot kasan=off
=e = device("eth0"); for i = 1, 100000 do devm_kfree(e, 4096) end
echo 0 > /proc/sys/kernel/oops_limit
=for i = 1, 100000 do pcall(memset, 64, 0, 8) end
# what KASAN counts and does not print
boot
q = kmalloc 64
=for i = 1, 100000 do q[64] = 1 end
# memory that is not there
boot mem=8M slub_debug=- kasan=off
=for i = 1, 100000 do kmalloc(1000000) end
fsck
END
