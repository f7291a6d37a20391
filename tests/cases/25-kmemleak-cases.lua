-- SPDX-License-Identifier: MIT
-- Sources: openbmc/linux#189, #86 (arm, 5.4/4.7: kstrdup lost; "(age ..s)"); sysprog21/fibdrv#3 (object whose only pointers are its own list head);
--          f5769359c5b2 (6.16: "unreferenced object (percpu)", "on cpu N").
-- EXPECT: 5.10 arm: age in the report; self pointers don't keep; percpu form on 6.12.
--         The first backtrace has kstrdup (openbmc#86: kstrdup+0x30/0x58; #189: __kmalloc_track_caller on top).
local function scan() write("/sys/kernel/debug/kmemleak", "scan") end
boot{ release = "5.10", arch = "arm" }
driver{ name = "fsi", probe = function(d) kstrdup("slave@00:00") end } device("fsi.0")
advance("48632s") scan() scan() print(cat("/sys/kernel/debug/kmemleak"))
boot()
driver{ name = "cdev", probe = function(d) local p = kzalloc(128) p:write(8, p + 8) p:write(16, p + 8) end } device("cdev.0")
advance("10s") scan() scan() print(cat("/sys/kernel/debug/kmemleak"))
boot()
local d = device("eth0")
do local p = devm_alloc_percpu(d, 16) end
devres_destroy(d, "devm_percpu_release")
collectgarbage()
advance("10s") scan() advance("10s") scan() print(cat("/sys/kernel/debug/kmemleak"))
