-- SPDX-License-Identifier: MIT
-- Allocations that fail on purpose, and drivers that are ready for it or not.

local slab = "/sys/kernel/debug/failslab/"
local pages = "/sys/kernel/debug/fail_page_alloc/"

local function echo(text, path) return write(path, text) end

-- bind and unbind: whatever comes of the probe, nothing stays
local function try(dev, demo)
  return function()
    local rc = bind(dev, demo)
    if rc == 0 then unbind(dev) end
    return rc
  end
end

describe("failslab", function()
  local dev
  before_each(function() dev = device("eth0") end)

  it("spares what may sleep, by default", function()
    assert.equal("Y\n", cat(slab .. "ignore-gfp-wait"))
    echo("100", slab .. "probability")
    echo("-1", slab .. "times")
    for _ = 1, 10 do assert(devm_kzalloc(dev, 64, GFP_KERNEL)) end
    assert.is_nil(devm_kzalloc(dev, 64, GFP_ATOMIC))
    echo("N", slab .. "ignore-gfp-wait")
    assert.is_nil(devm_kzalloc(dev, 64, GFP_KERNEL))
    assert.logged("FAULT_INJECTION: forcing a failure.")
    assert.logged("name failslab, interval 1, probability 100, space 0, times -1")
  end)

  it("fails as often as times says", function()
    echo("N", slab .. "ignore-gfp-wait")
    echo("100", slab .. "probability")
    echo("2", slab .. "times")
    assert.is_nil(kmalloc(64))
    assert.is_nil(kmalloc(64))
    assert(kmalloc(64))
    assert.equal("0\n", cat(slab .. "times"))
  end)

  it("lets every interval-th one fail", function()
    boot("failslab=3,100,0,-1")
    echo("N", slab .. "ignore-gfp-wait")
    local got = {}
    for i = 1, 9 do got[i] = kmalloc(64) == nil end
    assert.same({ false, false, true, false, false, true, false, false, true }, got)
  end)

  it("gives space bytes out first", function()
    boot("failslab=1,100,200,-1")
    echo("N", slab .. "ignore-gfp-wait")
    local n = 0
    while kmalloc(64) do n = n + 1 end
    assert.equal(3, n)
    assert.equal("8\n", cat(slab .. "space"))
  end)

  it("chooses by chance, the same with the same seed", function()
    local function run(seed)
      boot("failslab=1,50,0,-1 seed=" .. seed)
      echo("N", slab .. "ignore-gfp-wait")
      local s = ""
      for _ = 1, 40 do s = s .. (kmalloc(8) and "." or "x") end
      return s
    end
    local one, two = run(1), run(2)
    assert.equal(one, run(1))
    assert.is_not.equal(one, two)
    local _, hits = one:gsub("x", "")
    assert(hits > 8 and hits < 32)
  end)

  it("leaves __GFP_NOFAIL alone and is silent with __GFP_NOWARN", function()
    echo("N", slab .. "ignore-gfp-wait")
    echo("100", slab .. "probability")
    echo("-1", slab .. "times")
    assert(kmalloc(64, GFP_KERNEL | __GFP_NOFAIL))
    assert.is_nil(kmalloc(64, GFP_KERNEL | __GFP_NOWARN))
    assert.not_logged("FAULT_INJECTION")
    echo("0", slab .. "verbose")
    assert.is_nil(kmalloc(64))
    assert.not_logged("FAULT_INJECTION")
  end)

  it("with cache-filter fails in chosen caches only", function()
    echo("N", slab .. "ignore-gfp-wait")
    echo("Y", slab .. "cache-filter")
    echo("100", slab .. "probability")
    echo("-1", slab .. "times")
    echo("1", "/sys/kernel/slab/kmalloc-64/failslab")
    assert.is_nil(kmalloc(64))
    assert(kmalloc(128))
  end)

  it("with task-filter wants make-it-fail", function()
    echo("N", slab .. "ignore-gfp-wait")
    echo("Y", slab .. "task-filter")
    echo("100", slab .. "probability")
    assert(kmalloc(64))
    echo("1", "/proc/self/make-it-fail")
    assert.is_nil(kmalloc(64))
  end)

  it("refuses what is no value", function()
    assert.equal(-EINVAL, echo("x", slab .. "probability"))
    assert.equal(-EINVAL, echo("-1", slab .. "interval"))
    assert.equal(-EINVAL, echo("maybe", slab .. "ignore-gfp-wait"))
    assert.equal(-ERANGE, echo("99999999999", slab .. "times"))
    assert.equal(-EINVAL, echo("2", "/proc/self/make-it-fail"))
    assert.equal(-EINVAL, echo("one", "/proc/self/fail-nth"))
    assert.equal("0\n", cat(slab .. "probability"))
  end)
end)

describe("fail_page_alloc", function()
  it("spares single pages, by default", function()
    local dev = device("eth0")
    echo("N", pages .. "ignore-gfp-wait")
    echo("100", pages .. "probability")
    echo("-1", pages .. "times")
    assert(devm_get_free_pages(dev, GFP_KERNEL, 0))
    assert.is_nil(devm_get_free_pages(dev, GFP_KERNEL, 1))
    assert.is_nil(kmalloc(16384))
    echo("0", pages .. "min-order")
    assert.is_nil(devm_get_free_pages(dev, GFP_KERNEL, 0))
  end)
end)

describe("fail-nth", function()
  it("counts down to the one that fails", function()
    echo("N", slab .. "ignore-gfp-wait")
    echo("3", "/proc/self/fail-nth")
    assert(kmalloc(8))
    assert.equal("2\n", cat("/proc/self/fail-nth"))
    assert(kmalloc(8))
    assert.is_nil(kmalloc(8))
    assert.equal("0\n", cat("/proc/self/fail-nth"))
    assert(kmalloc(8))
  end)
end)

describe("a driver whose probe takes memory twice", function()
  local dev
  before_each(function() dev = device("eth0") end)

  it("broken: forgets the first when the second fails", function()
    local demo = driver{ name = "demo", probe = function(d)
      local q = kmalloc(100)
      if not q then return -ENOMEM end
      if not devm_kzalloc(d, 64) then return -ENOMEM end
      kfree(q)
    end }
    local rows = faults(try(dev, demo))
    assert.equal(3, #rows)
    assert.is_true(rows[1].ok)
    assert.is_false(rows[2].ok)
    assert.equal(100, rows[2].leaked)
    assert.equal("leaks 100 bytes of demo_probe", rows[2].verdict)
    assert.equal(-ENOMEM, rows[2].error)
    assert.equal("devm_kmalloc", rows[2]["function"])
    assert.is_true(rows[3].ok)
    assert.has_error(function() assert.handles_faults(try(dev, demo)) end, "leaks 100 bytes")
  end)

  it("repaired: both are managed", function()
    local demo = driver{ name = "demo", probe = function(d)
      if not devm_kmalloc(d, 100) then return -ENOMEM end
      if not devm_kzalloc(d, 64) then return -ENOMEM end
    end }
    assert.equal(3, #assert.handles_faults(try(dev, demo)))
  end)
end)

describe("a driver that takes memory for granted", function()
  local dev
  before_each(function() dev = device("eth0") end)

  it("broken: writes to NULL", function()
    local demo = driver{ name = "demo", probe = function(d)
      memset(devm_kmalloc(d, 64), 0xff, 64)
    end }
    local rows
    assert.warns(function() rows = faults(try(dev, demo)) end, "NULL pointer dereference")
    assert.equal(1, rows[1].complaints)
    assert.is_false(rows[1].ok)
    assert.is_truthy(rows[1].verdict:find("Oops in", 1, true))
  end)

  it("broken: so says Lua of what it calls nil", function()
    local demo = driver{ name = "demo", probe = function(d)
      devm_kmalloc(d, 64)[0] = 1
    end }
    local rows = faults(try(dev, demo))
    assert.is_false(rows[1].ok)
    assert.is_truthy(rows[1].verdict:find("nil", 1, true))
    assert.is_true(rows[2].ok)
  end)

  it("repaired: asks first", function()
    local demo = driver{ name = "demo", probe = function(d)
      local p = devm_kmalloc(d, 64)
      if not p then return -ENOMEM end
      memset(p, 0xff, 64)
    end }
    assert.handles_faults(try(dev, demo))
  end)
end)

describe("an action", function()
  local dev
  before_each(function() dev = device("eth0") end)

  local function probe(add)
    return function(d)
      local q = kmalloc(32)
      if not q then return -ENOMEM end
      return add(d, function(p) kfree(p) end, q)
    end
  end

  it("broken: is not run when devm_add_action fails", function()
    local demo = driver{ name = "demo", probe = probe(devm_add_action) }
    local rows = faults(try(dev, demo))
    assert.equal("leaks 32 bytes of demo_probe", rows[2].verdict)
  end)

  it("repaired: devm_add_action_or_reset runs it", function()
    local demo = driver{ name = "demo", probe = probe(devm_add_action_or_reset) }
    assert.handles_faults(try(dev, demo))
  end)
end)

describe("faults", function()
  it("accepts what goes on without its memory", function()
    local rows = assert.handles_faults(function() local p = kmalloc(64); if p then kfree(p) end end)
    assert.equal("goes on without it", rows[1].verdict)
  end)

  it("says what is left when nothing fails", function()
    local rows = faults(function() device("eth9") end)
    assert.is_false(rows[#rows].ok)
    assert.is_truthy(rows[#rows].verdict:find("left behind: device eth9", 1, true))
  end)

  it("hits what the driver core allocates for itself, on each release", function()
    local things = {
      device = function()
        local dev = device("eth9")
        return math.type(dev) and dev or device_unregister(dev)
      end,
      driver = function()
        local drv = driver("demo9")
        return math.type(drv) and drv or driver_unregister(drv)
      end,
      bus = function() return bus("pci9") or bus_unregister("pci9") end,
      class = function() return class("net9") or class_unregister("net9") end,
    }
    for _, release in ipairs{ "4.9", "4.19", "5.10", "6.1", "6.12", "7.2" } do
      boot("release=" .. release)
      for _, what in ipairs{ "device", "driver", "bus", "class" } do
        local rows = assert.handles_faults(things[what])
        assert.is_true(#rows >= 3)
        for i = 1, #rows - 1 do assert.equal(-ENOMEM, rows[i].error) end
      end
    end
  end)

  it("leaves the attributes as they were", function()
    echo("7", slab .. "probability")
    faults(function() kfree(kmalloc(64)) end)
    assert.equal("7\n", cat(slab .. "probability"))
    assert.equal("Y\n", cat(slab .. "ignore-gfp-wait"))
    assert.equal("2\n", cat(slab .. "verbose"))
    assert.equal("0\n", cat("/proc/self/fail-nth"))
  end)

  it("goes through pages and releases of every kind, on each release", function()
    for _, release in ipairs{ "4.9", "4.19", "5.10", "6.1", "6.12", "7.2" } do
      boot("release=" .. release)
      local demo = driver{ name = "demo", probe = function(d)
        if not devm_get_free_pages(d, GFP_KERNEL, 1) then return -ENOMEM end
        if not devm_kzalloc(d, 64) then return -ENOMEM end
        return devm_add_action(d, "turn_off", 0)
      end }
      local eth0 = device("eth0")
      assert.equal(5, #assert.handles_faults(try(eth0, demo)))
    end
  end)
end)
