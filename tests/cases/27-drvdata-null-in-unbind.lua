-- SPDX-License-Identifier: MIT
-- Source: raspberrypi/linux#7607 (2026): component unbind reads master's drvdata after the master cleared it: NULL pointer at 0x638 (arm64).
-- EXPECT: "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000638".
boot{ release = "6.12", arch = "arm64" }
local master = device("vc4-drm")
driver{ name = "vc4-drm", probe = function(d) dev_set_drvdata(d, devm_kzalloc(d, 2048)) end }
local hvs
driver{ name = "hvs", probe = function() end, remove = function(d)
  local drm = dev_get_drvdata(master) memset((drm and drm.addr or 0) + 0x638, 0, 8) end }
hvs = device("hvs.0", { parent = master })
devm_add_action(master, function() dev_set_drvdata(master, nil) unbind(hvs) end)
print(pcall(unbind, master))
