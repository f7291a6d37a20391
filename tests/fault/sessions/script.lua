-- SPDX-License-Identifier: MIT
local dev = device("eth0")
local list = {}
for i = 1, 20 do list[i] = devm_kmalloc(dev, i * 8) end
list[3]:fill(0xaa)
print(list[3][0], #devres(dev))
driver{ name = "demo", probe = function(d)
  devm_add_action(d, function() print("off", tostring(d)) end)
  return devm_kzalloc(d, 32) and 0 or -ENOMEM
end }
local demo = device("demo.0")
print(pcall(devm_kfree, nil))
unbind(demo)
for _, row in ipairs(devres(dev)) do print(row.size, row.name) end
print(table.concat({ "a", "b" }, ","), ("x"):rep(100))
boot{ release = "4.19" }
print(#dmesg())
