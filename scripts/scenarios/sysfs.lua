-- SPDX-License-Identifier: MIT
-- Binding and unbinding as an administrator does it: by writing to /sys.

local BUS = "/sys/bus/platform"
local ALPHA = BUS .. "/drivers/alpha"

-- In old releases the bind file says -ENODEV to all that it does not do.
local function refused(release, err, got)
  assert.equal(release:match("^[45]") and got == -ENODEV and -ENODEV or err, got)
end

-- Which names ls shows at a path.
local function names(path)
  local all = {}
  for _, row in ipairs(ls(path)) do all[row.name] = row end
  return all
end

for _, release in ipairs{ "4.9", "4.19", "5.10", "6.1", "6.12", "7.2" } do
  describe("sysfs on " .. release, function()
    local result, taken

    before_each(function()
      boot{ release = release }
      result, taken = 0, {}
      driver{
        name = "alpha",
        probe = function(dev)
          for i = 1, 3 do taken[i] = devm_kmalloc(dev, 100 * i) end
          return result
        end,
      }
      device("alpha.0")
    end)

    it("unbind releases what the probe took, newest first", function()
      assert.equal(0, write(ALPHA .. "/unbind", "alpha.0"))
      assert.released_in_order{ taken[3], taken[2], taken[1] }
      assert.is_nil(names(ALPHA)["alpha.0"])
      assert.is_nil(names(BUS .. "/devices/alpha.0").driver)
      assert.equal(-ENODEV, write(ALPHA .. "/unbind", "alpha.0"))
    end)

    it("bind probes again", function()
      write(ALPHA .. "/unbind", "alpha.0")
      assert.equal(0, write(ALPHA .. "/bind", "alpha.0"))
      assert.equal(3, #devres("alpha.0"))
      assert.equal("../../../bus/platform/drivers/alpha",
                   readlink("/sys/devices/platform/alpha.0/driver"))
      refused(release, -EBUSY, write(ALPHA .. "/bind", "alpha.0"))
    end)

    it("bind wants a device that the driver matches", function()
      driver{ name = "beta", probe = function() return 0 end }
      write(ALPHA .. "/unbind", "alpha.0")
      assert.equal(-ENODEV, write(BUS .. "/drivers/beta/bind", "alpha.0"))
      assert.equal(-ENODEV, write(ALPHA .. "/bind", "nosuch"))
      assert.equal(0, write("/sys/devices/platform/alpha.0/driver_override", "beta"))
      assert.equal(-ENODEV, write(ALPHA .. "/bind", "alpha.0"))
      assert.equal(0, write(BUS .. "/drivers/beta/bind", "alpha.0"))
      assert.equal("DRIVER=beta\nMODALIAS=platform:alpha\n",
                   cat("/sys/devices/platform/alpha.0/uevent"))
    end)

    it("drivers_probe finds the driver, and its failure is no error", function()
      write(ALPHA .. "/unbind", "alpha.0")
      assert.equal(0, write(BUS .. "/drivers_probe", "alpha.0"))
      assert.equal("lrwxrwxrwx", names(ALPHA)["alpha.0"].mode)
      write(ALPHA .. "/unbind", "alpha.0")
      result = -ENOMEM
      assert.equal(0, write(BUS .. "/drivers_probe", "alpha.0"))
      assert.is_nil(names(ALPHA)["alpha.0"])
      assert.equal(-ENODEV, write(BUS .. "/drivers_probe", "nosuch"))
    end)

    it("a device with resources is not probed; up to 4.19 it is, with a WARN", function()
      write(ALPHA .. "/unbind", "alpha.0")
      devm_kmalloc("alpha.0", 64)
      if release:match("^4") then
        assert.warns(function()
          assert.equal(0, write(ALPHA .. "/bind", "alpha.0"))
        end, "really_probe")
        assert.equal(4, #devres("alpha.0"))
        return
      end
      refused(release, -EBUSY, write(ALPHA .. "/bind", "alpha.0"))
      assert.equal(-EINVAL, write(BUS .. "/drivers_probe", "alpha.0"))
    end)

    it("a deferred probe waits in devices_deferred", function()
      local function waiting(expected)
        local there, text = pcall(cat, "/sys/kernel/debug/devices_deferred")
        if release == "4.9" then
          assert.is_false(there)
          assert.truthy(tostring(text):find("exists since 4.19", 1, true))
        else
          assert.equal(expected, text)
        end
      end

      result = -EPROBE_DEFER
      device("alpha.1")
      waiting("alpha.1" .. (release:match("^4") and "\n" or "\t\n"))
      refused(release, -EAGAIN, write(ALPHA .. "/bind", "alpha.1"))
      result = 0
      assert.equal(0, write(BUS .. "/drivers_probe", "alpha.1"))
      waiting("")
    end)

    it("slabinfo counts the objects that the probe took", function()
      local function inuse(cache)
        return tonumber(cat("/proc/slabinfo"):match("\n" .. cache:gsub("%-", "%%-") .. " +(%d+)"))
      end
      local cache = taken[1]:cache()
      local before = inuse(cache)
      write(ALPHA .. "/unbind", "alpha.0")
      assert.is_true(inuse(cache) < before)
    end)
  end)
end

describe("paths", function()
  it("a probe may write the driver_override that bind put there", function()
    local eth0 = device("eth0")
    local path = BUS .. "/devices/eth0/driver_override"
    local demo = driver{
      name = "demo",
      probe = function()
        assert.equal("demo\n", cat(path))
        return write(path, "other")
      end,
    }
    assert.equal(0, bind(eth0, demo))
    assert.equal("(null)\n", cat(path))
  end)

  it("a bus and a class have theirs", function()
    bus("toy")
    class("net")
    device("card", { bus = "toy" })
    device("wlan0", { class = "net", parent = "card" })
    driver{ name = "nic", bus = "toy", probe = function(dev) devm_kzalloc(dev, 64) end }
    assert.equal("../../bus/toy/drivers/nic", readlink("/sys/devices/card/driver"))
    assert.equal("../../devices/card/wlan0", readlink("/sys/class/net/wlan0"))
    assert.equal(0, write("/sys/bus/toy/drivers/nic/unbind", "card"))
    assert.equal(0, write("/sys/bus/toy/drivers_autoprobe", "0"))
    device("other", { bus = "toy" })
    assert.is_nil(names("/sys/devices/other").driver)
    assert.equal(0, write("/sys/bus/toy/drivers_probe", "other"))
    assert.is_not_nil(names("/sys/devices/other").driver)
  end)

  it("a device link shows what a probe waits for", function()
    local clk, uart = device("clk.0"), device("uart.0")
    device_link_add(uart, clk)
    driver{ name = "uart", probe = function() return 0 end }
    local link = "/sys/devices/platform/uart.0/supplier:platform:clk.0"
    assert.equal("dormant\n", cat(link .. "/status"))
    assert.equal("uart.0\tplatform: supplier clk.0 not ready\n",
                 cat("/sys/kernel/debug/devices_deferred"))
    driver{ name = "clk", probe = function() return 0 end }
    assert.equal("active\n", cat(link .. "/status"))
    assert.equal("DRIVER=clk\nMODALIAS=platform:clk\n", cat(link .. "/supplier/uevent"))
  end)

  it("children stand below their parents", function()
    local bridge = device("pci0")
    device("eth0", { parent = bridge })
    assert.is_not_nil(names("/sys/devices/platform/pci0").eth0)
    assert.equal("../../../devices/platform/pci0/eth0", readlink(BUS .. "/devices/eth0"))
    assert.equal("platform:eth0\n", cat(BUS .. "/devices/eth0/modalias"))
  end)

  it("numa_node is there for devices on a node", function()
    boot{ numa = "fake=2" }
    device("near", { numa_node = 1 })
    device("free")
    assert.equal("1\n", cat(BUS .. "/devices/near/numa_node"))
    assert.equal(-EACCES, write(BUS .. "/devices/near/numa_node", "0"))
    assert.is_nil(names(BUS .. "/devices/free").numa_node)
  end)

  it("what is not there is said", function()
    assert.has_error(function() cat("/sys/bus/platform/drivers/nosuch/bind") end)
    assert.has_error(function() ls("/home") end)
    assert.equal(-ENOENT, write("/sys/bus/platform/drivers/nosuch/bind", "x"))
  end)

  it("a warning taints", function()
    assert.equal("0\n", cat("/proc/sys/kernel/tainted"))
    local dev = device("eth0")
    assert.warns(function() devm_kfree(dev, kmalloc(64)) end)
    assert.equal("512\n", cat("/proc/sys/kernel/tainted"))
  end)
end)
