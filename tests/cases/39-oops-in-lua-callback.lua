-- SPDX-License-Identifier: MIT
-- Source: raspberrypi/linux#7607 again: the task dies in the callback and keeps its locks (reboot hangs in teardown).
-- doc/scenarios.md: "An access outside of memory is an Oops of the simulated kernel and a Lua error."
-- EXPECT: memset in the probe raises; "goes on" is never printed; bind fails. (At top level memset does raise; in the shell the next call says
--         "the task is dead after a BUG".)
local a = device("a")
driver{ name = "d", probe = function(d) print("memset", pcall(memset, 0x638, 0, 8)) print("goes on") end }
print("bind", pcall(bind, a, "d"))
print("top level", pcall(memset, 0x638, 0, 8))
for _, r in ipairs(devices()) do print(r.name or r.device, r.state) end
