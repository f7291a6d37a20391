-- SPDX-License-Identifier: MIT
-- What handles answer, and the events of a scenario.

describe("a device", function()
  it("knows its driver from the probe on", function()
    local seen
    driver{ name = "demo", probe = function(d) seen = { d.driver.name, d.bound } end }
    local dev = device("demo.0")
    assert.same({ "demo", false }, seen)
    assert.is_true(dev.bound)
    assert.equal("demo", dev.driver.name)
    unbind(dev)
    assert.is_false(dev.bound)
    assert.is_nil(dev.driver)
  end)

  it("knows where it is", function()
    bus("soc")
    local eth0 = device("eth0", { bus = "soc", numa_node = 0 })
    local port = device("port", { parent = eth0 })
    assert.equal("soc", eth0.bus)
    assert.equal(0, eth0.numa_node)
    assert.equal(eth0, port.parent)
    assert.is_nil(eth0.class)
  end)

  it("complains about other fields, and when it is gone", function()
    local dev = device("eth0")
    assert.has_error(function() return dev.bus_name end, "a device has no field 'bus_name'; it has name, gone")
    assert.has_error(function() return dev.parents end, "did you mean 'parent'?")
    device_unregister(dev)
    assert.is_true(dev.gone)
    assert.is_nil(dev.name)
    assert.has_error(function() return dev.parent end, "parent: this device is gone")
  end)
end)

describe("a driver", function()
  it("knows its devices, oldest first", function()
    local demo = driver{ name = "demo", probe = function() end }
    local a, b = device("demo.0"), device("demo.1")
    assert.same({ a, b }, demo.devices)
    assert.equal("platform", demo.bus)
    driver_unregister(demo)
    assert.is_true(demo.gone)
    assert.has_error(function() return demo.devices end, "this driver is gone")
  end)
end)

describe("a pointer", function()
  it("complains about a method that does not exist", function()
    local p = kmalloc(8)
    assert.has_error(function() p:filll(0) end, "a pointer has no field 'filll'; did you mean 'fill'?")
    kfree(p)
  end)
end)

describe("events", function()
  local function words(list)
    local out = {}
    for i, e in ipairs(list) do out[i] = e.kind .. " " .. e.what end
    return out
  end

  it("have the order of a probe that fails", function()
    driver{ name = "demo", probe = function(d)
      devm_kzalloc(d, 8)
      return -EIO
    end }
    local n = #events()
    device("demo.0")
    local list = events(n)
    assert.same({ "device add", "probe begin", "devres ADD", "devres REL", "probe end" }, words(list))
    assert.equal(-EIO, list[5].result)
    assert.equal(list[3].pointer, list[4].pointer)
    assert.equal(8, list[3].size)
    assert.equal("demo.0", list[3].device)
    assert.equal(n + 1, list[1].seq)
  end)

  it("begin anew in each scenario", function()
    assert.same({}, events())
  end)

  it("go on over a boot", function()
    device("eth0")
    boot()
    device("eth1")
    assert.same({ "eth0", "eth1" }, { events()[1].device, events()[2].device })
  end)

  it("include complaints", function()
    device("eth0")
    local n = #events()
    assert.warns(function() devm_kfree("eth0", 0x1000) end)
    assert.same({ "report devm_kfree" }, words(events(n)))
  end)
end)

describe("a platform device in two steps", function()
  it("is probed when it is added", function()
    local demo = driver{ name = "demo", probe = function() end }
    local pdev = platform_device_alloc("demo", 3)
    assert.equal("demo.3", pdev.name)
    assert.same({ false, "platform" }, { pdev.added, pdev.bus })
    assert.equal(0, platform_device_add(pdev))
    assert.same({ pdev }, demo.devices)
    device_unregister(pdev)
    assert.is_true(pdev.gone)
  end)

  it("is freed by put_device when its name is taken", function()
    device("demo")
    local pdev = platform_device_alloc("demo")
    assert.equal(-EEXIST, platform_device_add(pdev))
    assert.logged("cannot create duplicate filename '/devices/platform/demo'")
    assert.is_false(pdev.gone)
    put_device(pdev)
    assert.is_true(pdev.gone)
  end)

  it("fails where there is no memory, and leaves nothing", function()
    assert.handles_faults(function()
      local pdev = platform_device_alloc("demo", 0)
      if not pdev then return -ENOMEM end
      local rc = platform_device_add(pdev)
      if rc ~= 0 then put_device(pdev) return rc end
      device_unregister(pdev)
    end)
  end)

  it("is not any other device", function()
    local dev = device_initialize("card0", { release = function() end })
    assert.has_error(function() platform_device_add(dev) end, "not from platform_device_alloc")
    put_device(dev)
    assert.has_error(function() platform_device_alloc("a b") end, "wants 1 to")
    assert.has_error(function() platform_device_alloc("a", -3) end, "or -1 for none")
  end)
end)
