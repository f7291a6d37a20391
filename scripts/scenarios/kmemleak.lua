-- SPDX-License-Identifier: MIT
-- Memory that nobody points to any more: the broken driver, what kmemleak and
-- leaks say about it, and the driver as it should be.

local file = "/sys/kernel/debug/kmemleak"

local function driver_of(probe, remove)
  local dev = device("eth0")
  return dev, driver{ name = "demo", probe = probe, remove = remove }
end

-- As a person does it: old enough, and two scans that see the same bytes.
local function scan()
  advance("6s")
  write(file, "scan")
  write(file, "scan")
  return cat(file)
end

local function free_entry(entry) kfree(entry) end

local function is_clean(probe, remove)
  local dev, drv = driver_of(probe, remove)
  assert.no_leak(function()
    bind(dev, drv)
    unbind(dev)
  end)
  assert.equal("", scan())
end

for _, release in ipairs{ "4.19", "5.10", "6.1", "6.12", "7.2" } do
  describe("kmemleak on " .. release, function()
    before_each(function() boot{ release = release } end)

    describe("remove() that forgets to free", function()
      it("broken: kmalloc and no kfree", function()
        local dev, drv = driver_of(function() kmalloc(64) end)
        bind(dev, drv)
        unbind(dev)
        local lost = leaks()
        assert.equal(1, #lost)
        assert.equal("demo_probe", lost[1].by)
        assert.is_nil(lost[1].holder)
        local report = scan()
        assert.truthy(report:find("unreferenced object 0x" .. tostring(lost[1].addr) .. " (size 64):",
          1, true))
        assert.truthy(report:find("demo_probe+0x", 1, true))
        assert.logged("kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)")
      end)

      it("repaired: kfree in remove()", function()
        local buffer
        is_clean(function() buffer = kmalloc(64) end, function() kfree(buffer) end)
      end)

      it("repaired: devm_kmalloc", function()
        is_clean(function(dev) devm_kmalloc(dev, 64) end)
      end)
    end)

    describe("a private structure in drvdata", function()
      it("broken: nobody has it once drvdata is cleared", function()
        local dev, drv = driver_of(function(d) dev_set_drvdata(d, kzalloc(200)) end)
        bind(dev, drv)
        assert.equal(0, #leaks()) -- the device points to it
        assert.equal("", scan())
        unbind(dev)
        assert.equal(1, #leaks())
        assert.truthy(scan():find("unreferenced object", 1, true))
      end)

      it("repaired: remove() frees what drvdata points to", function()
        is_clean(function(dev) dev_set_drvdata(dev, kzalloc(200)) end,
                 function(dev) kfree(dev_get_drvdata(dev)) end)
      end)
    end)

    describe("a ring whose entries are memory, too", function()
      it("broken: only the ring is managed", function()
        local dev, drv = driver_of(function(d)
          local ring = devm_kzalloc(d, 64)
          for i = 0, 3 do ring:write(8 * i, kzalloc(32)) end
        end)
        bind(dev, drv)
        assert.equal(0, #leaks()) -- the ring points to them
        unbind(dev)
        assert.equal(4, #leaks())
      end)

      it("repaired: an action for each entry", function()
        is_clean(function(dev)
          local ring = devm_kzalloc(dev, 64)
          for i = 0, 3 do
            local entry = kzalloc(32)
            ring:write(8 * i, entry)
            devm_add_action_or_reset(dev, free_entry, entry)
          end
        end)
      end)
    end)

    describe("a probe that defers", function()
      it("broken: each round leaks again", function()
        local dev, drv = driver_of(function() kmalloc(96) return -EPROBE_DEFER end)
        for _ = 1, 10 do bind(dev, drv) end
        assert.equal(10, #leaks())
      end)

      it("repaired: what has a device's list behind it goes with each round", function()
        local dev, drv = driver_of(function(d) devm_kmalloc(d, 96) return -EPROBE_DEFER end)
        assert.no_leak(function()
          for _ = 1, 10 do bind(dev, drv) end
        end)
      end)
    end)

    it("an interior pointer is enough, one behind the end is not", function()
      local middle = kmalloc(64) + 63
      assert.equal(0, #leaks())
      local behind = kmalloc(64) + 64
      assert.equal(1, #leaks())
      assert.truthy(middle and behind)
    end)

    it("a list is lost with its head, all of it", function()
      local head
      for _ = 1, 100 do
        local entry = kzalloc(32)
        if head then entry:write(0, head) end
        head = entry
      end
      assert.equal(0, #leaks())
      head = nil -- luacheck: ignore
      assert.equal(100, #leaks())
    end)

    it("devm memory is never reported while its device lives", function()
      local dev = device("eth0")
      for _ = 1, 100 do devm_kmalloc(dev, 64) end
      assert.equal(0, #leaks())
      assert.equal("", scan())
    end)
  end)
end

describe("who holds memory", function()
  it("a variable does, until the driver is gone: then leaks names it", function()
    local dev, drv = driver_of(function() buffer = kmalloc(64) end) -- luacheck: ignore
    bind(dev, drv)
    assert.equal(0, #leaks())
    unbind(dev)
    local left = leaks()
    assert.equal(1, #left)
    assert.equal("buffer", left[1].holder)
    kfree(buffer) -- luacheck: ignore
  end)

  it("coroutines, closures and tables do", function()
    local t = { kmalloc(16), [kmalloc(16)] = true, deep = { { kmalloc(16) } } }
    local p = kmalloc(16)
    local f = function() return p end
    local c = coroutine.create(function(q) coroutine.yield(q) end)
    coroutine.resume(c, kmalloc(16))
    local unborn = coroutine.create(function() return f, t end)
    assert.equal(0, #leaks())
    assert.equal(5, #leaks("all"))
    assert.truthy(c and unborn)
  end)

  it("a weak table does not", function()
    local weak = setmetatable({}, { __mode = "v" })
    weak[1] = kmalloc(16)
    assert.equal(1, #leaks())
  end)

  it("no_leak names what is left", function()
    assert.has_error(function()
      assert.no_leak(function()
        local dev, drv = driver_of(function() kmalloc(100) end)
        bind(dev, drv)
        unbind(dev)
      end)
    end, "(100 bytes, by demo_probe in probe)")
  end)
end)
