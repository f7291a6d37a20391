-- SPDX-License-Identifier: MIT
-- Buses, matching, the steps of a probe and the way back from each of them.

local function bound(dev)
  for _, row in ipairs(devices()) do
    if row.device == dev then return row.driver end
  end
end

describe("a bus of one's own", function()
  before_each(function() boot{} end)

  it("asks its match about each pair", function()
    local asked = {}
    bus{ name = "pci", match = function(dev, drv)
      asked[#asked + 1] = tostring(dev) .. "/" .. tostring(drv)
      return drv.name == "good"
    end }
    device("a", { bus = "pci", release = function() end })
    driver{ name = "bad", bus = "pci" }
    driver{ name = "good", bus = "pci" }
    assert.same({ "a/bad", "a/good" }, asked)
    assert.equal("good", bound("a"))
  end)

  it("without a match takes every driver, the oldest first", function()
    bus("any")
    driver{ name = "no", bus = "any", probe = function() return -ENXIO end }
    driver{ name = "yes", bus = "any" }
    device("a", { bus = "any", release = function() end })
    assert.equal("yes", bound("a"))
  end)

  it("stops at a probe that returned a positive number", function()
    bus("any")
    driver{ name = "odd", bus = "any", probe = function() return 5 end }
    driver{ name = "yes", bus = "any" }
    device("a", { bus = "any", release = function() end })
    assert.is_nil(bound("a"))
    assert.logged("failed with error 5")
  end)

  it("that cannot tell yet defers the device", function()
    local known = false
    bus{ name = "slow", match = function() return known and 1 or -EPROBE_DEFER end }
    driver{ name = "d", bus = "slow" }
    device("a", { bus = "slow", release = function() end })
    assert.equal("a", devices_deferred()[1].device)
    known = true
    driver("platform_one")
    device("platform_one.0")
    assert.equal("d", bound("a"))
  end)

  it("runs its own probe and remove instead of the driver's", function()
    local order = {}
    local function note(what) return function() order[#order + 1] = what end end
    bus{ name = "b", probe = note("bus probe"), remove = note("bus remove"),
         dma_configure = note("dma") }
    driver{ name = "d", bus = "b", probe = note("probe"), remove = note("remove") }
    local dev = device("a", { bus = "b", release = note("release") })
    device_unregister(dev)
    assert.same({ "dma", "bus probe", "bus remove", "release" }, order)
  end)

  it("can call the driver's around what it does itself", function()
    local order, group = {}
    local function note(what) order[#order + 1] = what end
    bus{ name = "i2c", probe = function(dev) note("attach") return driver_probe(dev) end,
         remove = function(dev) driver_remove(dev) note("detach") end }
    driver{ name = "lm75", bus = "i2c", remove = function() note("remove") end,
            probe = function(dev) devm_add_action(dev, function() note("pm disable") end) end }
    unbind(device("1-0048", { bus = "i2c", release = function() end }))
    assert.same({ "attach", "remove", "detach", "pm disable" }, order)
    assert.not_logged("needs updating")
    order = {}
    bus{ name = "i3c",
         probe = function(dev)
           note("attach")
           group = devres_open_group(dev)
           local rc = driver_probe(dev)
           devres_close_group(dev, group)
           return rc
         end,
         remove = function(dev) devres_release_group(dev, group) note("detach") end }
    driver{ name = "lm75b", bus = "i3c",
            probe = function(dev) devm_add_action(dev, function() note("pm disable") end) end }
    unbind(device("2-0048", { bus = "i3c", release = function() end }))
    assert.same({ "attach", "pm disable", "detach" }, order)
  end)

  it("hands on what the driver's probe answers", function()
    local got
    bus{ name = "b", probe = function(dev) got = driver_probe(dev) return got end }
    driver{ name = "d", bus = "b", probe = function() return -EIO end }
    local dev = device("a", { bus = "b", release = function() end })
    assert.equal(-EIO, got)
    assert.is_nil(bound("a"))
    assert.has_error(function() driver_probe(dev) end, "not in its bus' probe")
  end)

  it("has ids that are added later, and driver_override", function()
    bus{ name = "pci", driver_override = true, dynamic_ids = true }
    driver{ name = "vfio-pci", bus = "pci" }
    local dev = device("0000:01:00.0", { bus = "pci", id = "8086 1572", release = function() end })
    assert.is_nil(bound("0000:01:00.0"))
    local new_id = "/sys/bus/pci/drivers/vfio-pci/new_id"
    assert.equal(0, write(new_id, "8086 1572"))
    assert.equal("vfio-pci", bound("0000:01:00.0"))
    assert.equal(-EEXIST, write(new_id, "8086:1572"))
    assert.equal(0, driver_set_override(dev, "other"))
    assert.equal("other\n", cat("/sys/bus/pci/devices/0000:01:00.0/driver_override"))
    bus("plain")
    local plain = device("p", { bus = "plain", release = function() end })
    assert.has_error(function() driver_set_override(plain, "other") end, "has no driver_override")
    assert.has_error(function() cat("/sys/bus/plain/devices/p/driver_override") end)
  end)

  it("has its own names", function()
    bus("b")
    device("eth0")
    device("eth0", { bus = "b", release = function() end })
    driver("demo")
    driver{ name = "demo", bus = "b" }
    assert.equal(0, bind("eth0", "demo"))
    assert.equal(-EBUSY, bind("b:eth0", "b:demo"))
  end)
end)

describe("matching", function()
  before_each(function() boot{} end)

  it("takes compatible, then id_table, then the name", function()
    driver{ name = "of", compatible = { "acme,uart", "acme,uart2" } }
    driver{ name = "table", id_table = "tty" }
    device("one", { compatible = { "other", "acme,uart2" } })
    device("tty.0")
    device("table.0") -- a table that does not match: the name does not count
    device("of.0")
    assert.equal("of", bound("one"))
    assert.equal("table", bound("tty.0"))
    assert.is_nil(bound("table.0"))
    assert.equal("of", bound("of.0"))
  end)

  it("compares compatible strings as a whole", function()
    driver{ name = "am33xx", compatible = "ti,am33xx-uart" }
    device("one", { compatible = "ti,omap3-uart" })
    assert.is_nil(bound("one"))
    driver{ name = "omap", compatible = { "ti,omap2-uart", "ti,omap3-uart" } }
    assert.equal("omap", bound("one"))
    device("two", { compatible = { "acme,uart", "ti,am33xx-uart" } })
    assert.equal("am33xx", bound("two"))
    assert.has_error(function() device("three", { compatible = { "a b" } }) end, "contains a blank")
  end)

  it("is up to driver_override alone where there is one", function()
    driver("eth")
    driver("other")
    local dev = device("eth.0")
    unbind(dev)
    driver_set_override(dev, "other")
    assert.equal(1, device_attach(dev))
    assert.equal("other", bound("eth.0"))
    driver_set_override(dev) -- unbinds nothing
    assert.equal("other", bound("eth.0"))
    unbind(dev)
    assert.equal(1, device_attach(dev))
    assert.equal("eth", bound("eth.0"))
  end)
end)

describe("a probe that fails at", function()
  local dev, demo, ran
  before_each(function()
    boot{}
    ran = {}
    dev = device("eth0")
    demo = driver{
      name = "demo",
      probe = function(d) ran[#ran + 1] = "probe"; devm_kzalloc(d, 64) end,
      remove = function() ran[#ran + 1] = "remove" end,
    }
  end)

  for _, step in ipairs{
    { "pinctrl_bind_pins", {} }, { "platform_dma_configure", {} },
    { "driver_sysfs_add", {}, "demo eth0: really_probe: driver_sysfs_add failed" },
    { "platform_probe", {}, "probe with driver demo failed with error -5" },
    { "device_add_groups", { "probe", "remove" }, "demo eth0: device_add_groups() failed" },
  } do
    it(step[1] .. " leaves nothing behind", function()
      fail_function(step[1], -EIO)
      assert.no_leak(function() assert.equal(-EIO, bind(dev, demo)) end)
      assert.same(step[2], ran)
      if step[3] then assert.logged(step[3]) end
      assert.equal(0, bind(dev, demo))
    end)
  end

  it("its suppliers is deferred", function()
    fail_function("device_links_check_suppliers", -517)
    assert.equal(-EAGAIN, bind(dev, demo))
  end)
end)

describe("device_add that fails at", function()
  for _, step in ipairs{
    "device_private_init", "dev_set_name", "kobject_add", "device_create_file",
    "device_add_class_symlinks", "device_add_attrs", "bus_add_device", "dpm_sysfs_add",
  } do
    it(step .. " can be tried again", function()
      boot{}
      driver("eth")
      local released = 0
      local dev = device_initialize("eth.0", {
        bus = "platform", release = function() released = released + 1 end })
      fail_function(step, -EIO)
      assert.equal(-EIO, device_add(dev))
      assert.is_nil(bound("eth.0"))
      assert.equal(0, device_add(dev))
      assert.equal("eth", bound("eth.0"))
      device_del(dev)
      assert.equal(0, released)
      put_device(dev)
      assert.equal(1, released)
    end)
  end
end)
