-- SPDX-License-Identifier: MIT
-- The end of devices, drivers and modules.

describe("the last reference", function()
  before_each(function() boot{} end)

  it("releases resources first, then the device", function()
    local order = {}
    local dev = device_initialize("d", { release = function() order[#order + 1] = "release" end })
    devm_add_action(dev, function() order[#order + 1] = "devres" end)
    put_device(dev)
    assert.same({ "devres", "release" }, order)
  end)

  it("asks the device, then its class", function()
    local order = {}
    class{ name = "net", dev_release = function(d) order[#order + 1] = "class " .. d.name end }
    device("a", { class = "net", release = function() order[#order + 1] = "own" end })
    device("b", { class = "net" })
    device_unregister("a")
    device_unregister("b")
    assert.same({ "own", "class b" }, order)
  end)

  it("of a device that nobody releases is a WARN", function()
    bus("b")
    device("a", { bus = "b" })
    assert.warns(function() device_unregister("a") end, "does not have a release() function")
    device("p")
    device_unregister("p") -- the platform bus has one
  end)

  it("put once too often is reported, and the machine goes on", function()
    local dev = device("eth0")
    for _ = 1, 3 do put_device(dev) end -- the creator's, and those of two lists
    assert.warns(function() put_device(dev) end, "use-after-free")
    assert.warns(function() pcall(device_unregister, dev) end, "general protection fault")
    device("eth0")
  end)

  it("taken from inside release() is too late", function()
    local dev = device("d", { release = function(d)
      assert.warns(function() get_device(d) end, "refcount_t: addition on 0")
      assert.equal(-EINVAL, device("kid", { parent = d }))
      assert.equal(-EINVAL, device_add(d))
    end })
    device_unregister(dev)
  end)

  it("of a parent goes with its last child", function()
    local order = {}
    local function release(d) order[#order + 1] = d.name end
    device("p", { release = release })
    device("c", { parent = "p", release = release })
    device_unregister("p")
    assert.same({}, order)
    device_unregister("c")
    assert.same({ "c", "p" }, order)
  end)
end)

describe("a device that was deleted", function()
  it("can be added again and is never probed again", function()
    boot{}
    local dev = device("eth0")
    device_del(dev)
    device_add(dev)
    assert.equal(-ENODEV, bind(dev, driver("eth0")))
  end)

  it("is probed again on 4.9, which marks nothing", function()
    boot{ release = "4.9" }
    local probed, dev = 0, device("eth0")
    device_del(dev)
    driver{ name = "eth0", probe = function() probed = probed + 1 end }
    device_add(dev)
    assert.equal(1, probed)
  end)
end)

describe("a bus that is unregistered", function()
  it("takes no more drivers and devices, and keeps what it has", function()
    boot{}
    bus("b")
    device("a", { bus = "b", release = function() end })
    local drv = driver{ name = "d", bus = "b" }
    local early = device_initialize("early", { bus = "b", release = function() end })
    bus_unregister("b")
    assert.equal(-EINVAL, device_add(early))
    assert.equal(0, driver_unregister(drv))
    device_unregister("a")
    bus("b")
  end)
end)

describe("a driver that is unregistered twice", function()
  it("is a WARN", function()
    boot{}
    local drv = driver("d")
    driver_unregister(drv)
    assert.warns(function() pcall(driver_unregister, drv) end, "Unexpected driver unregister!")
  end)
end)

describe("a module", function()
  before_each(function() boot{} end)

  it("that forgets its driver leaves an Oops to the next probe", function()
    insmod{ name = "nic", init = function() driver{ name = "nic", probe = function() end } end,
            exit = function() end }
    device("nic.0")
    rmmod("nic")
    unbind("nic.0") -- it had no remove()
    assert.warns(function() pcall(bind, "nic.0", "nic") end, "page fault")
    assert.logged("[last unloaded: nic(O)]")
  end)

  it("whose init() fails is not there", function()
    assert.equal(-ENODEV, insmod{ name = "nic", init = function() return -ENODEV end })
    assert.equal(0, #lsmod())
  end)

  it("is loaded once, and stays without an exit()", function()
    assert.equal(0, insmod("a"))
    assert.equal(-EEXIST, insmod("a"))
    assert.equal(0, rmmod("a"))
    insmod{ name = "b", init = function() end }
    assert.equal(-EBUSY, rmmod("b"))
  end)

  it("stands in the reports", function()
    insmod("snd")
    insmod("nic")
    class("net")
    device("d", { class = "net" })
    assert.warns(function() device_unregister("d") end, "Modules linked in: nic(O) snd(O)")
  end)
end)

-- Each kind of callback, made by a module that leaves it behind: what makes it,
-- and what calls it once the module is gone.
local left_behind = {
  { "driver's probe",
    function() driver{ name = "d", probe = function() end } end,
    function() device("d.0") end,
  },
  { "driver's remove",
    function() driver{ name = "d", remove = function() end } device("d.0") end,
    function() unbind("d.0") end,
  },
  { "class' dev_release",
    function() class{ name = "c", dev_release = function() end } device("d", { class = "c" }) end,
    function() device_unregister("d") end,
  },
  { "device's release",
    function() device("d", { release = function() end }) end,
    function() device_unregister("d") end,
  },
  { "bus' match",
    function() bus{ name = "b", match = function() return 1 end } end,
    function() driver{ name = "d", bus = "b" } device("d", { bus = "b", release = function() end }) end,
  },
  { "bus' probe",
    function() bus{ name = "b", probe = function() return 0 end } end,
    function() driver{ name = "d", bus = "b" } device("d", { bus = "b", release = function() end }) end,
  },
  { "bus' dma_configure",
    function() bus{ name = "b", dma_configure = function() return 0 end } end,
    function() driver{ name = "d", bus = "b" } device("d", { bus = "b", release = function() end }) end,
  },
  { "bus' remove",
    function()
      bus{ name = "b", remove = function() end }
      driver{ name = "d", bus = "b" }
      device("d", { bus = "b" })
    end,
    function() unbind("d") end,
  },
  { "action",
    function() devm_add_action("eth0", function() end) end,
    function() device_unregister("eth0") end,
  },
  { "release of a resource",
    function() devres_add("eth0", devres_alloc(function() end, 16)) end,
    function() device_unregister("eth0") end,
  },
  { "function that has a name",
    function() define("off", function() end) devm_add_action("eth0", "off") end,
    function() device_unregister("eth0") end,
  },
  { "action that a driver's probe made",
    function()
      driver{ name = "d", probe = function() devm_add_action("eth0", function() end) end }
      device("d.0")
      driver_unregister("d")
    end,
    function() device_unregister("eth0") end,
  },
}

describe("what a module leaves behind", function()
  for _, case in ipairs(left_behind) do
    local what, make, use = table.unpack(case)

    it("is no code any more: a " .. what, function()
      boot{}
      device("eth0")
      insmod{ name = "m", init = function() make() end, exit = function() end }
      rmmod("m")
      assert.warns(function() pcall(use) end, "page fault for address: ffffffffc0000")
      assert.logged("RIP: 0010:0xffffffffc0000")
    end)

    it("is code as long as it is loaded: a " .. what, function()
      boot{}
      device("eth0")
      insmod{ name = "m", init = function() make() end, exit = function() end }
      pcall(use)
      assert.not_logged("BUG")
    end)
  end
end)
