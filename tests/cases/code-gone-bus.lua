-- SPDX-License-Identifier: MIT
-- Whatever a module leaves behind is called in text that is gone: a bus' match, a device's release, a driver's remove.
-- EXPECT: three Oopses at addresses of module text (5.10: "supervisor instruction fetch", error 0x0010); nothing is printed by a callback.
for _, what in ipairs{ "match", "release", "remove" } do
  boot{ release = "5.10", kasan = "off" }
  insmod("m", { init = function()
    if what == "match" then bus("b", { match = function() print("match") return 1 end }) end
    if what == "release" then device_initialize("x", { release = function() print("release") end }) end
    if what == "remove" then driver{ name = "r", probe = function() end, remove = function() print("remove") end } end
  end, exit = function() end })
  if what == "match" then device("y", { bus = "b", release = function() end }) end
  if what == "remove" then device("r") end
  rmmod("m")
  print(what, pcall(function()
    if what == "match" then driver{ name = "z", bus = "b" } end
    if what == "release" then put_device("x") end
    if what == "remove" then unbind("r") end
  end))
end
