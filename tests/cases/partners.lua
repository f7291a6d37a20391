-- SPDX-License-Identifier: MIT
-- Each managed call beside its plain partner: contents, caches, and what frees it.
-- EXPECT: the same text from both; an empty kmemdup is ZERO_SIZE_PTR; kfree_sensitive leaves no secret behind (poison is off here);
--         kvmalloc of up to a page is kmalloc, of more than the buddies have is vmalloc, page-aligned.
boot{ release = "6.1", kasan = "off", slub_debug = "-" }
local d = device("eth0")
local name = devm_kasprintf(d, "GFP_KERNEL", "rx-%d", 3)
local plain = kasprintf("GFP_KERNEL", "rx-%d", 3)
print(name:read(0, 4), plain:read(0, 4), plain:cache())
print(kmemdup(plain, 0))
local copy = kmemdup(plain, 5)
print(copy:read(0, 4), copy:cache())
local secret = kmalloc(64)
memset(secret, 0x73, 64)
kfree_sensitive(secret)
local next = kmalloc(64)
print(next.addr == secret.addr, next[8], next[63])
print(kvmalloc(4096).addr % 4096, kvmalloc(16 << 20).addr % 4096)
