-- SPDX-License-Identifier: MIT
-- Source: tempesta-tech/tempesta#2201 (5.10.35): "12 bytes to the right of" / "1208-byte region [..)" / "The buggy address belongs to the page:"
--         follow each other without an empty line; thesofproject/linux#2857 (5.12) likewise; tempesta#2328 (5.10.35) frames:
--         print_address_description, kasan_report, check_memory_region.
-- EXPECT (5.10 and 4.19): no empty line between the region and "The buggy address belongs to the page:".
boot{ release = "5.10" }
local p = kmalloc(64)
local _ = p[76]
