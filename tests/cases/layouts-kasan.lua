-- SPDX-License-Identifier: MIT
-- Reports of KASAN on other releases and architectures than 06 and 07 have.
-- EXPECT: 4.19 arm64 KASAN: "double-free or invalid-free", an empty line and no "Read of size"; Allocated and Freed.
--         6.1 arm64 KASAN: "to the left of", an empty line in front of "physical page".
boot{ release = "4.19", arch = "arm64" }
local p = kmalloc(64)
kfree(p)
kfree(p)
boot{ release = "6.1", arch = "arm64" }
local q = kmalloc(128)
local _ = q[-3]
