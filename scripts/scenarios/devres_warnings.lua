-- SPDX-License-Identifier: MIT
-- What devres itself complains about: the driver that earns each WARN and BUG,
-- and the same driver repaired.

local function load_and_unload(probe, remove)
  local dev = device("eth0")
  bind(dev, driver{ name = "demo", probe = probe, remove = remove })
  unbind(dev)
  assert.equal(0, #devres(dev))
end

-- what(broken) runs the driver; broken earns the report, repaired must not
local function pair(why, what, report)
  it("broken: " .. why, function() assert.warns(function() what(true) end, report) end)
  it("repaired: not " .. why, function() what(false) end)
end

for _, release in ipairs{ "4.19", "6.1", "6.12", "7.2" } do
  describe("devres on " .. release, function()
    before_each(function() boot{ release = release } end)

    pair("devm_kfree() twice, in the error path and behind it", function(broken)
      load_and_unload(function(dev)
        local firmware = devm_kmalloc(dev, 64)
        devm_kfree(dev, firmware)
        if not broken then return end
        devm_kfree(dev, firmware)
      end)
    end, " devm_kfree+")

    pair("devm_kfree() of what kmalloc() gave", function(broken)
      load_and_unload(function(dev)
        local buffer = kmalloc(64)
        if broken then devm_kfree(dev, buffer) else kfree(buffer) end
      end)
    end, " devm_kfree+")

    pair("devm_kfree() with the parent device, not the one that allocated", function(broken)
      local parent = device("pci0")
      load_and_unload(function(dev)
        local buffer = devm_kmalloc(dev, 64)
        devm_kfree(broken and parent or dev, buffer)
      end)
    end, " devm_kfree+")

    pair("an action that is removed with other data", function(broken)
      load_and_unload(function(dev)
        devm_add_action(dev, "clk_off", 1)
        devm_remove_action(dev, "clk_off", broken and 2 or 1)
      end)
    -- since 7.2 it is an inline function of a header: the driver's own function warns
    end, release == "7.2" and "devres.h:160 at demo_probe" or " devm_remove_action")

    pair("devres_add() twice", function(broken)
      load_and_unload(function(dev)
        local node = devres_alloc("put_clk", 16)
        devres_add(dev, node)
        -- the task dies here in the broken one; probe goes no further
        if broken then devres_add(dev, node) end
      end)
    end, "kernel BUG at ")

    pair("devres_free() of a node that a device has", function(broken)
      load_and_unload(function(dev)
        local node = devres_alloc("put_clk", 16)
        devres_add(dev, node)
        if broken then devres_free(node) else devres_release(dev, "put_clk") end
      end)
    end, "kernel BUG at ")

    pair("closing a group that nobody opened", function(broken)
      load_and_unload(function(dev)
        local group = not broken and devres_open_group(dev, 0x1234) or 0x1234
        devm_kmalloc(dev, 64)
        devres_close_group(dev, group)
      end)
    end, " devres_close_group+")
  end)
end

-- Not a warning, and a driver that never works again: memory that was there
-- before probe, as a bus driver or a failed experiment leaves it.
describe("resources that are present before probing", function()
  local function bind_after(broken)
    local dev = device("eth0")
    local early = devm_kmalloc(dev, 64)
    if not broken then devm_kfree(dev, early) end
    return bind(dev, driver{ name = "demo" })
  end

  it("broken: -EBUSY", function()
    assert.equal(-EBUSY, bind_after(true))
    assert.logged("platform eth0: Resources present before probing")
  end)

  it("repaired: the device has none", function() assert.equal(0, bind_after(false)) end)
end)
