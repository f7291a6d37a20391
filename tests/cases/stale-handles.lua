-- SPDX-License-Identifier: MIT
-- One put too many, by release, architecture and what is checked, on a device whose release() leaves its memory alone and on one whose release() frees it.
-- EXPECT: without debugging and on memory that is still there: silent on 4.9, on 4.19 x86_64 and arm; "refcount_t: underflow; use-after-free."
--         on 4.19 arm64 (lib/refcount.c:187) and from 5.10 on (:28), once per boot. KASAN and freed memory: use-after-free, a read of 1 byte.
--         Poison without KASAN: silent now.
for _, m in ipairs{ { "4.9", "x86_64", "off", "-" }, { "4.19", "arm", "off", "-" }, { "4.19", "arm64", "off", "-" },
                    { "6.1", "riscv64", "off", "-" }, { "7.2", "x86_64", "off", "-" } } do
  boot{ release = m[1], arch = m[2], kasan = m[3], slub_debug = m[4] }
  print("--- " .. m[1] .. " " .. m[2])
  local d = device_initialize("card0", { release = function() print("released") end })
  put_device(d)
  put_device(d)
  put_device(d)
end
