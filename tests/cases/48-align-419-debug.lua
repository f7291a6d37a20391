-- SPDX-License-Identifier: MIT
-- Source: raspberrypi/linux#2015 (4.9, arm): kmalloc-512 with red zones: Object @offset=7744 = 64 + 10*768, objects=21 (16384/768): the left red zone is 64 bytes (the
--         architecture's minimum), not 512. LWN 2019 "Alignment guarantees for kmalloc()": natural alignment in every mode is 5.4's (59bb47985c1d); before, slub_debug broke it.
-- EXPECT (4.19 x86_64, slub_debug=FZPU): kmalloc(64) is 8-aligned only: some of these print a rest that is not 0. 5.10: all 0.
--         arm, 4.19: kmalloc-512 has objects of 768 bytes, 21 in 4 pages.
for _, r in ipairs{ "4.19", "5.10" } do
  boot{ release = r, slub_debug = "FZPU", kasan = "off" }
  print(r, kmalloc(64).addr % 64, kmalloc(64).addr % 64, kmalloc(256).addr % 256, kmalloc(256).addr % 256)
end
boot{ release = "4.19", arch = "arm", nr_cpus = 4, slub_debug = "FZPU" }
print(kmalloc(512).addr % 4096)
for l in cat("/proc/slabinfo"):gmatch("[^\n]+") do if l:match("^kmalloc%-512 ") then print(l:sub(1, 56)) end end
