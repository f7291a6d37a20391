-- SPDX-License-Identifier: MIT
-- Source: Debian 6.1.192 mm/slab.h slab_post_alloc_hook(): memset(p, 0, s->object_size): the WHOLE bucket is zeroed, in debug builds too.
--         Only-what-was-asked came with 6.2 (orig_size), 6.12.117: only where orig_size is tracked (slub_debug U).
--         The RFC of June 2026 ("always zero only requested size") describes the same: until now the whole bucket if possible.
-- EXPECT (4.9..6.1, with slub_debug=FZPU): 0 0 0 (and devm_kzalloc's slack is 0, too).
for _, r in ipairs{ "4.19", "5.10", "6.1" } do
  boot{ release = r, slub_debug = "FZPU", kasan = "off" }
  local p = kmalloc(64) memset(p, 0xff, 64) kfree(p)
  local q = kzalloc(40)
  print(r, q[39], q[40], q[63])
  local d = device("eth0") local z = devm_kzalloc(d, 10)
  print(r, "devm", z[9], z[10], z[z:usable() - 1])
end
