-- SPDX-License-Identifier: MIT
-- 48 on other releases, architectures and checks: bytes of an object in /proc/slabinfo.
-- EXPECT, by hand from how each release lays objects out, for 128, 192, 256, 512 and 1024 bytes:
--         4.19 arm64 FZPU: 640 - 768 1024 1536      5.10 arm FZPU: 512 448 768 1536 3072   (5.10 arm: 64 is 320, 128 is 512)
--         6.1 x86_64 KASAN + FZPU: 384 312 768 1536 3072    7.2 x86_64 KASAN alone: 256 256 512 1024 2048
--         4.19 x86_64 FZP: 160 224 288 544 1056     4.9, with CONFIG_SLAB: 144 208 272 528 1040    6.12 x86_64 FZP: 384 320 768 1536 3072
--         The address of the first kmalloc(128): behind a left red zone as wide as the alignment.
for _, m in ipairs{ { "4.19", "arm64", "FZPU", "off" }, { "5.10", "arm", "FZPU", "off" }, { "6.1", "x86_64", "FZPU", "on" },
                    { "7.2", "x86_64", "-", "on" }, { "4.19", "x86_64", "FZP", "off" },
                    { "4.9", "x86_64", "FZP", "off" }, { "6.12", "x86_64", "FZP", "off" } } do
  boot{ release = m[1], arch = m[2], slub_debug = m[3], kasan = m[4], nr_cpus = 4 }
  local size = {}
  for line in cat("/proc/slabinfo"):gmatch("[^\n]+") do
    local name, bytes = line:match("^kmalloc%-(%w+) +%d+ +%d+ +(%d+)")
    if name then size[name] = bytes end
  end
  local k = size["1k"] or size["1024"]
  print(m[1], m[2], m[3], m[4], size["128"], size["192"], size["256"], size["512"], k, kmalloc(128).addr % 4096)
end
