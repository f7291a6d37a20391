-- SPDX-License-Identifier: MIT
-- Source: lkml 2506.2/06287, 2506.0/03895 (June 2025): bus remove detaches the PM domain before devres runs;
--         i2c opens a devres group in its bus probe and releases it in its bus remove.
-- EXPECT: bus 1: attach, detach, pm disable (too late).  bus 2 with a group: attach, pm disable, detach.
--         No "needs updating - please use bus_type methods": an i2c_driver has a probe of its own, struct device_driver has none.
local drvprobe = function(dev) devm_add_action(dev, function() print("pm disable") end) return 0 end
local g
bus("i2c", { probe = function(dev) print("attach") return drvprobe(dev) end, remove = function() print("detach") end })
driver{ name = "lm75", bus = "i2c", probe = drvprobe }
unbind(device("1-0048", { bus = "i2c", release = function() end }))
bus("i3c", { probe = function(dev) print("attach") g = devres_open_group(dev) local rc = drvprobe(dev) devres_close_group(dev, g) return rc end,
             remove = function(dev) devres_release_group(dev, g) print("detach") end })
driver{ name = "lm75b", bus = "i3c", probe = drvprobe }
unbind(device("2-0048", { bus = "i3c", release = function() end }))
