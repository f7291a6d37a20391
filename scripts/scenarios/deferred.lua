-- SPDX-License-Identifier: MIT
-- Probes that wait: deferred ones, and those that run in the background.

describe("deferred probes", function()
  before_each(function() boot{} end)

  it("are tried again first in, first out, after each bind", function()
    local tries, ready = {}, {}
    driver{ name = "w", probe = function(d)
      tries[#tries + 1] = d.name
      if not ready[d.name] then return -EPROBE_DEFER end
    end }
    device("w.0")
    device("w.1")
    tries = {}
    ready["w.1"] = true
    driver("clk")
    device("clk.0")
    -- w.1 binds, so w.0 gets one more try
    assert.same({ "w.0", "w.1", "w.0" }, tries)
    assert.equal(1, #devices_deferred())
  end)

  it("wait until the outermost call is over", function()
    local order = {}
    local ready = false
    driver{ name = "w", probe = function()
      order[#order + 1] = ready and "bound" or "deferred"
      if not ready then return -EPROBE_DEFER end
    end }
    device("w.0")
    driver("child")
    driver{ name = "hub", probe = function()
      ready = true
      device("child.0")
      order[#order + 1] = "hub"
    end }
    device("hub.0")
    assert.same({ "deferred", "hub", "bound" }, order)
  end)

  it("keep the reason that dev_err_probe() gave", function()
    driver{ name = "w", probe = function(d)
      return dev_err_probe(d, -517, "can't get clk")
    end }
    device("w.0")
    assert.equal("w: can't get clk", devices_deferred()[1].reason)
    assert.not_logged("can't get clk")
    assert.equal(-EIO, dev_err_probe("w.0", -EIO, "no link"))
    assert.logged("platform w.0: error -EIO: no link")
    dev_err_probe("w.0", -ENOMEM, "no memory")
    assert.not_logged("no memory")
  end)

  it("are reported after ten seconds", function()
    driver{ name = "w", probe = function(d) return -EPROBE_DEFER end }
    device("w.0")
    advance("11s")
    assert.logged("platform w.0: deferred probe pending: (reason unknown)")
  end)

  it("are forgotten when the device goes", function()
    driver{ name = "w", probe = function() return -EPROBE_DEFER end }
    device("w.0")
    device_unregister("w.0")
    assert.equal(0, #devices_deferred())
  end)

  it("that make devices which bind do not go round for ever", function()
    driver("kid")
    driver{ name = "w", probe = function()
      device_unregister(device("kid.0"))
      return -EPROBE_DEFER
    end }
    device("w.0")
    assert.equal("w.0", devices_deferred()[1].device)
    assert.logged("hogged CPU")
  end)

  it("are all probes while probing is blocked", function()
    driver("eth")
    device_block_probing()
    device("eth.0")
    assert.equal(1, #devices_deferred())
    device_unblock_probing()
    assert.equal(0, #devices_deferred())
  end)

  it("do not wait after a bind by hand, before 6.1 they do", function()
    for release, want in pairs{ ["6.12"] = { -EAGAIN, 0 }, ["5.10"] = { -ENODEV, 1 } } do
      boot{ release = release }
      local demo = driver{ name = "demo", probe = function() return -EPROBE_DEFER end }
      assert.equal(want[1], bind(device("eth0"), demo))
      assert.equal(want[2], #devices_deferred())
    end
  end)
end)

describe("asynchronous probes", function()
  before_each(function() boot{} end)

  it("run when the call that asked for them is over", function()
    local order = {}
    driver{ name = "slow", probe_type = "async",
            probe = function(d) order[#order + 1] = d.name end }
    driver{ name = "hub", probe = function()
      device("slow.0")
      order[#order + 1] = "hub"
    end }
    device("hub.0")
    assert.same({ "hub", "slow.0" }, order)
  end)

  it("are wanted by driver_async_probe=, too", function()
    boot{ driver_async_probe = "*,fast" }
    local order = {}
    for _, name in ipairs{ "slow", "fast" } do
      driver{ name = name, probe = function(d) order[#order + 1] = d.name end }
    end
    driver{ name = "hub", probe_type = "sync", probe = function()
      device("slow.0")
      device("fast.0")
    end }
    device("hub.0")
    assert.same({ "fast.0", "slow.0" }, order)
  end)

  it("come before the end of driver_unregister()", function()
    local ran = false
    insmod{ name = "m", init = function()
      device("slow.0")
      driver{ name = "slow", probe_type = "async", probe = function() ran = true end }
      assert.is_false(ran)
      assert.equal(0, driver_unregister("slow"))
      assert.is_true(ran)
    end }
  end)

  it("cannot be waited for from inside a probe", function()
    local got
    driver{ name = "w", probe = function() got = wait_for_device_probe() end }
    device("w.0")
    assert.equal(-EDEADLK, got)
  end)
end)
