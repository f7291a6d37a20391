-- SPDX-License-Identifier: MIT
-- Release callbacks are where the surprises are: what they do while the list
-- that they were on is released.

for _, release in ipairs{ "4.19", "5.10", "6.1", "6.12", "7.2" } do
  describe("a release callback on " .. release, function()
    local dev
    before_each(function()
      boot{ release = release }
      dev = device("eth0")
    end)

    -- A driver whose probe is `probe`, bound to dev.
    local function bound(probe)
      local demo = driver{ name = "demo", probe = probe }
      assert.equal(0, bind(dev, demo))
      return demo
    end

    it("that allocates leaves memory behind, and the next probe finds it", function()
      local late
      local demo = bound(function(d)
        devm_add_action(d, function(_, d2) late = devm_kmalloc(d2, 64) end)
      end)
      assert.equal(0, unbind(dev))
      assert.allocated(late)
      assert.equal(1, #devres(dev))
      if release == "4.19" then
        assert.warns(function() assert.equal(0, bind(dev, demo)) end, "really_probe")
      else
        assert.is_true(bind(dev, demo) < 0)
        assert.logged("Resources present before probing")
      end
      assert.equal(0, device_unregister(dev))
      assert.freed(late)
    end)

    it("that adds an action leaves it for later, too", function()
      local ran = 0
      bound(function(d)
        devm_add_action(d, function(_, d2)
          devm_add_action(d2, function() ran = ran + 1 end)
        end)
      end)
      assert.equal(0, unbind(dev))
      assert.equal(0, ran)
      assert.equal(1, #devres(dev))
      assert.equal(0, device_unregister(dev))
      assert.equal(1, ran)
    end)

    it("sees an empty list: freeing a sibling WARNs and frees nothing twice", function()
      local sibling, seen
      bound(function(d)
        sibling = devm_kmalloc(d, 64)
        devm_add_action(d, function(_, d2)
          seen = #devres(d2)
          devm_kfree(d2, sibling)
        end)
      end)
      assert.no_leak(function()
        assert.warns(function() assert.equal(0, unbind(dev)) end, "devm_kfree")
      end)
      assert.equal(0, seen)
      assert.freed(sibling)
    end)

    it("still has driver and driver data", function()
      local data, driver_name
      bound(function(d)
        local state = devm_kzalloc(d, 32)
        dev_set_drvdata(d, state)
        devm_add_action(d, function(_, d2)
          data = dev_get_drvdata(d2)
          driver_name = drivers()[1].driver
        end)
      end)
      assert.equal(0, unbind(dev))
      assert.is_not_nil(data)
      assert.equal("demo", driver_name)
      assert.is_nil(dev_get_drvdata(dev))
    end)

    it("that unregisters its own device is refused, where Linux would hang", function()
      local result
      bound(function(d)
        devm_kmalloc(d, 64)
        devm_add_action(d, function(_, d2) result = device_unregister(d2) end)
      end)
      assert.equal(0, unbind(dev))
      assert.equal(-EDEADLK, result)
      assert.equal(0, #devres(dev))
      assert.equal(0, device_unregister(dev))
    end)

    for _, how in ipairs{ "release_all", "release_group", "release_action", "release" } do
      it("that unregisters its own device from a " .. how .. " by hand frees it once", function()
        local function die(_, d) device_unregister(d) end
        local g = devres_open_group(dev)
        if how == "release" then
          devres_add(dev, devres_alloc(function(d) device_unregister(d) end, 16))
        else
          devm_add_action(dev, die, 1)
          devm_add_action(dev, die, 2)
        end
        if how == "release_all" then devres_release_all(dev)
        elseif how == "release_group" then devres_release_group(dev, g)
        elseif how == "release_action" and release ~= "4.19" then devm_release_action(dev, die, 2)
        elseif how == "release" then devres_release_all(dev)
        else device_unregister(dev) end
        for _, row in ipairs(devices()) do assert.not_equal("eth0", row.device) end
        assert.equal(0, #objects())
      end)
    end

    it("that unbinds its own device is refused as well", function()
      local result
      bound(function(d) devm_add_action(d, function(_, d2) result = unbind(d2) end) end)
      assert.equal(0, unbind(dev))
      assert.equal(-EDEADLK, result)
    end)

    it("that throws in Lua does not stop the others", function()
      local order = {}
      bound(function(d)
        for i = 1, 3 do
          devm_add_action(d, function()
            order[#order + 1] = i
            if i == 2 then error("oops") end
          end)
        end
      end)
      assert.has_error(function() unbind(dev) end, "oops")
      assert.same({ 3, 2, 1 }, order)
      assert.equal(0, #devres(dev))
    end)

    it("that opens a group and closes it later works on the live list", function()
      bound(function(d)
        devm_add_action(d, function(_, d2)
          devres_open_group(d2, 7)
          devm_kmalloc(d2, 16)
          devres_close_group(d2, 7)
        end)
      end)
      assert.equal(0, unbind(dev))
      assert.equal(3, #devres(dev))
      assert.equal(1, devres_release_group(dev, 7))
      assert.equal(0, #devres(dev))
    end)

    it("that releases all of another device is fine", function()
      local other = device("eth1")
      local p = devm_kmalloc(other, 64)
      bound(function(d) devm_add_action(d, function() devres_release_all(other) end) end)
      assert.equal(0, unbind(dev))
      assert.freed(p)
    end)

    it("that frees its own node by hand is caught", function()
      local row
      bound(function(d)
        devm_add_action(d, function(_, d2) kfree(row.addr - row.header) end)
        row = devres(d)[1]
      end)
      -- the node goes once: what the release freed is not freed again
      assert.no_leak(function() assert.equal(0, unbind(dev)) end)
    end)
  end)

  describe("a match function on " .. release, function()
    before_each(function() boot{ release = release } end)

    it("runs under devres_lock: taking the lock again is a BUG", function()
      local dev = device("eth0")
      local r = devres_alloc("put_clk", 16)
      devres_add(dev, r)
      assert.warns(function()
        pcall(devres_find, dev, "put_clk", { match = function(d) devm_kmalloc(d, 8) return 1 end })
      end, "spinlock recursion")
    end)

    it("chooses among resources, newest first", function()
      local dev = device("eth0")
      local all, seen = {}, {}
      for i = 1, 4 do
        all[i] = devres_alloc("put_clk", 16)
        all[i][0] = i
        devres_add(dev, all[i])
      end
      local got = devres_find(dev, "put_clk", { match = function(_, res)
        seen[#seen + 1] = res[0]
        return res[0] == 2 and 1 or 0
      end })
      assert.equal(all[2], got)
      assert.same({ 4, 3, 2 }, seen)
    end)
  end)
end
