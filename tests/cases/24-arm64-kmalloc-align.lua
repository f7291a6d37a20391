-- SPDX-License-Identifier: MIT
-- Source: e675a4fd6d1f "scsi: libsas: ... align SMP requests to ARCH_DMA_MINALIGN": since 6.5 small kmalloc on arm64 is 8-aligned; hardware wants 16.
-- EXPECT: 6.1: kmalloc-128, offsets 0 and 0 (mod 128).  6.12: kmalloc-8, offsets 0 and 8 (mod 16).
for _, r in ipairs{ "6.1", "6.12" } do
  boot{ release = r, arch = "arm64", slub_debug = "-", kasan = "off" }
  local p, q = kmalloc(8), kmalloc(8)
  print(r, p:cache(), p.addr % 128, q.addr % 128)
end
