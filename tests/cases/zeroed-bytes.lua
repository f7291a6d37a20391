-- SPDX-License-Identifier: MIT
-- 12 with other calls, sizes, checks and architectures: which bytes an allocation zeroes.
-- EXPECT: up to 6.1 every byte of the bucket, whatever is checked. From 6.12 on with slub_debug=U on kmalloc caches what was asked for:
--         behind it the red zone, 204. Without U the bucket. devm_kcalloc: the whole bucket from 6.3 on too, for it asks for all of it.
--         Not zeroed: poison up to the end, 107 and 165 (6.12 with U: 165 is the last byte asked for);
--         4.9, with CONFIG_SLAB: 90.
local function last(p, asked, bucket) return p[asked - 1], p[asked], p[bucket - 1] end
for _, m in ipairs{ { "4.9", "x86_64", "FZPU" }, { "4.19", "x86_64", "FZPU" }, { "5.10", "arm", "FZP" }, { "6.1", "arm64", "FZPU" }, { "6.12", "arm64", "FZP" },
                    { "6.12", "arm64", "FZPU" }, { "7.2", "x86_64", "FZPU" } } do
  boot{ release = m[1], arch = m[2], slub_debug = m[3], kasan = "off" }
  local bucket = 256
  local dirty = kmalloc(200) memset(dirty, 0xff, 200) kfree(dirty)
  print(m[1], m[2], m[3], "kmalloc", last(kmalloc(200), 200, bucket))
  print(m[1], m[2], m[3], "kzalloc", last(kzalloc(200), 200, bucket))
  print(m[1], m[2], m[3], "gfp", last(kmalloc(200, "GFP_KERNEL|__GFP_ZERO"), 200, bucket))
  local z = devm_kcalloc(device("eth0"), 10, 13)
  print(m[1], m[2], m[3], "devm_kcalloc", last(z, 130, z:usable()))
end
