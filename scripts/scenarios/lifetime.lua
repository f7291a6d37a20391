-- SPDX-License-Identifier: MIT
-- When managed memory dies: at unbind, when a probe fails, with the device.

for _, release in ipairs{ "4.19", "6.1", "6.12" } do
  describe("lifetime on " .. release, function()
    local dev
    -- up to 5.10 the bind file says "no such device" whatever went wrong
    local function bind_says(err) return release == "4.19" and -ENODEV or err end
    before_each(function()
      boot{ release = release }
      dev = device("eth0")
    end)

    it("unbind releases newest first, after remove()", function()
      local a, b, c
      local in_remove
      local demo = driver{
        name = "demo",
        probe = function(d)
          a, b, c = devm_kzalloc(d, 64), devm_kmalloc(d, 200), devm_kmalloc(d, 20000)
        end,
        remove = function(d) in_remove = #devres(d) end,
      }
      assert.equal(0, bind(dev, demo))
      assert.equal(3, #devres(dev))
      assert.equal(0, unbind(dev))
      assert.equal(3, in_remove)
      assert.released_in_order{ c, b, a }
      for _, p in ipairs{ a, b, c } do assert.freed(p) end
      assert.equal(0, #devres(dev))
    end)

    it("a probe that fails at step n gives back its n - 1 allocations", function()
      for step = 1, 6 do
        local got = {}
        local demo = driver{
          name = "demo",
          probe = function(d)
            for i = 1, 6 do
              if i == step then return -EIO end
              got[i] = devm_kmalloc(d, 16 * i)
            end
          end,
        }
        assert.no_leak(function() assert.equal(bind_says(-EIO), bind(dev, demo)) end)
        local want = {}
        for i = #got, 1, -1 do want[#want + 1] = got[i] end
        assert.released_in_order(want)
        assert.equal(0, #devres(dev))
        driver_unregister(demo)
      end
    end)

    it("the failed probe is in the log, -ENODEV and -EPROBE_DEFER are not", function()
      local result
      local demo = driver{ name = "demo", probe = function() return result end }
      result = -ENODEV
      assert.equal(-ENODEV, bind(dev, demo))
      result = -EPROBE_DEFER
      assert.equal(bind_says(-EAGAIN), bind(dev, demo))
      assert.not_logged("failed with error")
      result = -ENOMEM
      assert.equal(bind_says(-ENOMEM), bind(dev, demo))
      if release == "6.12" then
        assert.logged("demo eth0: probe with driver demo failed with error -12")
      else
        assert.logged("demo: probe of eth0 failed with error -12")
      end
    end)

    it("can be bound again and again without growing", function()
      local demo = driver{ name = "demo", probe = function(d) devm_kzalloc(d, 64) end }
      assert.no_leak(function()
        for _ = 1, 100 do
          assert.equal(0, bind(dev, demo))
          assert.equal(0, unbind(dev))
        end
      end)
    end)

    it("removing a bound device unbinds it first", function()
      local p, removed
      local demo = driver{
        name = "demo", probe = function(d) p = devm_kzalloc(d, 64) end,
        remove = function() removed = true end,
      }
      bind(dev, demo)
      assert.equal(0, device_unregister(dev))
      assert.is_true(removed)
      assert.freed(p)
    end)

    it("removing a driver unbinds its devices, newest bound first", function()
      local order = {}
      device("uart.0")
      device("uart.1")
      device("uart.2")
      local uart = driver{
        name = "uart", probe = function(d) devm_kzalloc(d, 64) end,
        remove = function(d) order[#order + 1] = d.name end,
      }
      assert.no_leak(function()
        local before = #objects()
        assert.equal(3, before)
      end)
      driver_unregister(uart)
      assert.same({ "uart.2", "uart.1", "uart.0" }, order)
      assert.equal(0, #objects())
    end)

    it("memory of a device that never binds goes with the device", function()
      local p = devm_kmalloc(dev, 64)
      device_unregister(dev)
      assert.freed(p)
    end)

    it("a reference keeps the device; its memory goes at device_del, before 6.6 with the last one", function()
      local p = devm_kmalloc(dev, 64)
      get_device(dev)
      device_unregister(dev)
      if release == "4.19" then assert.allocated(p) else assert.freed(p) end
      put_device(dev)
      assert.freed(p)
    end)

    it("resources that are present before probing stop the probe", function()
      local probed = false
      local demo = driver{ name = "demo", probe = function() probed = true end }
      local p = devm_kmalloc(dev, 64)
      if release == "4.19" then -- not yet
        assert.warns(function() assert.equal(0, bind(dev, demo)) end, "really_probe")
        assert.is_true(probed)
        assert.allocated(p)
        assert.not_logged("Resources present")
        unbind(dev)
        assert.freed(p)
        return
      end
      assert.equal(-EBUSY, bind(dev, demo))
      assert.is_false(probed)
      assert.allocated(p)
      assert.logged("platform eth0: Resources present before probing")
    end)

    it("actions run newest first, between the memory around them", function()
      local order = {}
      local function first() order[#order + 1] = "first" end
      local function second() order[#order + 1] = "second" end
      local demo = driver{
        name = "demo",
        probe = function(d)
          assert.equal(0, devm_add_action(d, first))
          local p = devm_kzalloc(d, 64)
          assert.equal(0, devm_add_action_or_reset(d, second, p))
        end,
      }
      bind(dev, demo)
      unbind(dev)
      assert.same({ "second", "first" }, order)
    end)

    it("an action that was removed does not run", function()
      local ran = false
      local function off() ran = true end
      devm_add_action(dev, off)
      devm_remove_action(dev, off)
      devres_release_all(dev)
      assert.is_false(ran)
    end)

    it("an action that allocates leaves its memory for later", function()
      local late
      local demo = driver{
        name = "demo",
        probe = function(d)
          devm_add_action(d, function() late = devm_kmalloc(d, 64) end)
        end,
      }
      bind(dev, demo)
      unbind(dev)
      assert.allocated(late)
      if release == "4.19" then
        assert.warns(function() bind(dev, demo) end, "really_probe")
      else
        assert.equal(-EBUSY, bind(dev, demo))
      end
      device_unregister(dev)
      assert.freed(late)
    end)
  end)
end

describe("driver data", function()
  it("is set until the resources are released, then NULL", function()
    local dev, seen = device("eth0"), nil
    local demo = driver{
      name = "demo",
      probe = function(d)
        local p = devm_kzalloc(d, 64)
        dev_set_drvdata(d, p)
        devm_add_action(d, function(data) seen = { data, dev_get_drvdata(d) } end, p)
      end,
    }
    bind(dev, demo)
    local p = dev_get_drvdata(dev)
    unbind(dev)
    assert.same({ p, p }, seen)
    assert.is_nil(dev_get_drvdata(dev))
  end)
end)
