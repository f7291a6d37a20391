-- SPDX-License-Identifier: MIT
-- 17 with memory that release() frees: a driver's error path puts a device that its devm action puts again.
-- EXPECT: KASAN: use-after-free, a read of 1 byte at the device's memory + 60, in kobject_put, under the action, under the failed probe.
--         6.12 calls it slab-use-after-free. With poison alone nothing is said at first; the object is found changed when it is handed out again:
--         6a instead of 6b, 56 bytes in.
for _, m in ipairs{ { "6.1", "arm64", "FZPU", "on" }, { "6.12", "x86_64", "-", "on" }, { "5.10", "x86_64", "FZPU", "off" } } do
  boot{ release = m[1], arch = m[2], slub_debug = m[3], kasan = m[4] }
  print("--- " .. m[1] .. " " .. m[2])
  driver{ name = "spi", probe = function(dev)
    local memory = kzalloc(1024)
    local ctlr = device_initialize("spi0", { release = function() kfree(memory) end })
    devm_add_action(dev, function() put_device(ctlr) end)
    put_device(ctlr)
    return -22
  end }
  device("spi")
  if m[4] == "off" then for _ = 1, 24 do kmalloc(1024) end end
end
