-- SPDX-License-Identifier: MIT
-- Reports of SLUB on other releases and architectures than 05 has.
-- EXPECT: 6.1 arm: "Right Redzone overwritten", no INFO, 32-bit addresses, FIX with the name, no empty line behind it.
--         6.12 riscv64: the range first, then "Object corrupt", and a WARN at its end.
boot{ release = "6.1", arch = "arm", kasan = "off" }
local r = kmalloc(64)
memset(r, 0x5a, 66)
kfree(r)
boot{ release = "6.12", arch = "riscv64", kasan = "off", slub_debug = "FZP" }
local s = kmalloc(128)
memset(s, 0x5a, 129)
kfree(s)
