-- SPDX-License-Identifier: MIT
-- The same driver twice: with kmalloc it leaks, with devm_kmalloc it does not.

local function probe_with(alloc, steps, fail_at)
  return function(dev)
    for i = 1, steps do
      if i == fail_at then return -EIO end
      alloc(dev, 64)
    end
  end
end

local function plain(_, size) return kmalloc(size) end
local function managed(dev, size) return devm_kmalloc(dev, size) end

describe("a driver that forgets to free", function()
  local dev
  before_each(function() dev = device("eth0") end)

  it("leaks with kmalloc at unbind", function()
    local demo = driver{ name = "demo", probe = probe_with(plain, 3) }
    assert.leaks(function()
      bind(dev, demo)
      unbind(dev)
    end)
    assert.equal(3, #objects())
    for _, o in ipairs(objects()) do
      assert.equal("demo_probe", o.by)
      assert.is_nil(o.owner)
    end
  end)

  it("does not leak with devm_kmalloc", function()
    local demo = driver{ name = "demo", probe = probe_with(managed, 3) }
    assert.no_leak(function()
      bind(dev, demo)
      unbind(dev)
    end)
  end)

  it("leaks with kmalloc at every step where the probe can fail", function()
    for step = 2, 4 do
      local demo = driver{ name = "demo", probe = probe_with(plain, 4, step) }
      assert.leaks(function() assert.equal(-EIO, bind(dev, demo)) end)
      driver_unregister(demo)
    end
  end)

  it("does not leak with devm_kmalloc at any step", function()
    for step = 1, 4 do
      local demo = driver{ name = "demo", probe = probe_with(managed, 4, step) }
      assert.no_leak(function() assert.equal(-EIO, bind(dev, demo)) end)
      driver_unregister(demo)
    end
  end)

  it("leaks a little more with every deferred probe", function()
    local demo = driver{
      name = "demo",
      probe = function() kmalloc(64) return -EPROBE_DEFER end,
    }
    for _ = 1, 10 do bind(dev, demo) end
    assert.equal(10, #objects())
  end)

  it("memory taken in every open() grows until unbind, managed or not", function()
    local demo = driver{ name = "demo", probe = function(d) devm_kzalloc(d, 64) end }
    bind(dev, demo)
    for _ = 1, 1000 do devm_kmalloc(dev, 64) end -- open() without devm_kfree in release()
    assert.equal(1001, #devres(dev))
    unbind(dev)
    assert.equal(0, #objects())
  end)
end)

describe("last in, first out", function()
  it("freed objects come back in reverse order where no quarantine keeps them", function()
    boot{ kasan = "off" }
    local all = {}
    for i = 1, 1000 do all[i] = kmalloc(64) end
    for i = 1, 1000 do kfree(all[i]) end
    for i = 1000, 1, -1 do assert.equal(all[i], kmalloc(64)) end
  end)
end)
