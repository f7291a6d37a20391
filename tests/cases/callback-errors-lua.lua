-- SPDX-License-Identifier: MIT
-- What a Lua callback answers or raises: a release, an action, a probe's value.
-- EXPECT: false and the message for each; a probe answers 0, nothing or a negative errno.
boot{ release = "6.1", arch = "riscv64" }
local a = device("a")
devm_add_action(a, function() error("in the action") end)
print(pcall(device_unregister, a))
local b = device("b", { release = function() return nil + 1 end })
print(pcall(device_unregister, b))
for i, answer in ipairs{ false, "-ENODEV", {}, 0.5, 3, -19 } do
  local d = device("c" .. i)
  driver{ name = "d" .. i, probe = function() return answer end }
  print(tostring(answer):gsub("table: .*", "{}"), pcall(bind, d, "d" .. i))
end
