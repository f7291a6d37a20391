-- SPDX-License-Identifier: MIT
-- What red zones and poison find without KASAN: later than it, when the object
-- is freed, handed out again or validated. Each time the driver as it should
-- be stands behind the broken one.

for _, release in ipairs{ "4.19", "6.1", "6.12", "7.2" } do
  -- since 6.12's stable series the report names the damage in a line of its own
  local new = release == "6.12" or release == "7.2"
  -- 4.19.40 has one name for both sides, and a FIX line without any
  local function name(what) return release == "4.19" and what:gsub("^[LR]%w+ ", "") or what end
  local function says(what)
    what = name(what)
    return new and "[" .. what .. " overwritten] 0x" or "): " .. what .. " overwritten"
  end

  describe("slub_debug=FZPU on " .. release, function()
    before_each(function() boot{ release = release, kasan = "off" } end)

    it("a write behind the object is found when it is freed, and it stays", function()
      local q = kmalloc(64)
      q[64] = 0x5a
      assert.warns(function() kfree(q) end, says("Right Redzone"))
      assert.logged("First byte 0x5a instead of 0xcc")
      assert.logged(release == "4.19" and "Restoring 0x" or "Restoring Right Redzone")
      assert.logged("not freed")
      assert.allocated(q)
      kfree(q) -- the red zone was repaired
    end)

    it("a write in front of it", function()
      local q = kmalloc(64)
      q[-1] = 0
      assert.warns(function() kfree(q) end, says("Left Redzone"))
    end)

    it("a write to freed memory is found when it is handed out again", function()
      local q = kmalloc(64)
      kfree(q)
      q[8] = 0x5a
      local r
      assert.warns(function() r = kmalloc(64) end, says("Poison"))
      assert.logged("First byte 0x5a instead of 0x6b")
      assert.is_not.equal(q, r) -- nobody gets the damaged one
    end)

    it("between what was asked for and the bucket", function()
      local q = kmalloc(100)
      q[100] = 0
      if new then
        assert.warns(function() kfree(q) end, says("kmalloc Redzone"))
      else
        kfree(q)
      end
    end)

    it("validate does not wait", function()
      local q, free = kmalloc(64), kmalloc(64)
      kfree(free)
      assert.equal(0, slab_validate())
      q[64] = 0
      free[0] = 0
      assert.warns(function() assert.equal(2, slab_validate("kmalloc-64")) end, "overwritten")
      assert.equal(0, slab_validate("kmalloc-64"))
    end)

    it("a kfree of managed memory", function()
      local p = devm_kmalloc(device("eth0"), 64)
      assert.warns(function() kfree(p) end, "Invalid object pointer")
    end)

    it("a driver that writes one entry too many, and one that does not", function()
      local dev = device("eth0")
      for entries = 17, 16, -1 do
        local ring
        local drv = driver{
          name = "demo" .. entries,
          probe = function()
            ring = kmalloc(256)
            for i = 0, entries - 1 do memset(ring + 16 * i, 0, 16) end
          end,
          remove = function() kfree(ring) end,
        }
        bind(dev, drv)
        if entries == 17 then
          assert.warns(function() unbind(dev) end, says("Right Redzone"))
        else
          unbind(dev)
        end
      end
    end)
  end)
end

describe("slub_debug= for some caches", function()
  it("only those have red zones", function()
    boot{ slub_debug = "FZPU,kmalloc-64", kasan = "off" }
    local a, b = kmalloc(64), kmalloc(128)
    a[64], b[128] = 0, 0
    kfree(b)
    assert.warns(function() kfree(a) end, "Right Redzone")
  end)

  it("without F nothing looks but validate", function()
    boot{ slub_debug = "ZPU", kasan = "off" }
    local a = kmalloc(64)
    a[64] = 0
    assert.warns(function() slab_validate() end, "Right Redzone")
    a[64] = 0
    kfree(a)
  end)
end)

describe("KASAN and slub_debug together", function()
  it("KASAN says who wrote, SLUB what it did", function()
    local q = kmalloc(64)
    assert.warns(function() q[64] = 0x5a end, "KASAN: slab-out-of-bounds")
    assert.warns(function() kfree(q) end, "Right Redzone overwritten")
  end)
end)

describe("the same report again and again", function()
  it("ten are printed, all are counted", function()
    boot{ kasan_multi_shot = "on" }
    local q = kmalloc(64)
    assert.warns(function()
      for _ = 1, 1000 do q[64] = 0x5a end
    end, "KASAN: slab-out-of-bounds")
    -- who expects a report sees it, however often there was one before
    for _ = 1, 30 do
      assert.warns(function() q[64] = 0x5a end, "KASAN: slab-out-of-bounds")
    end
    assert.logged("kasan_report: 990 callbacks suppressed")
  end)
end)

describe("a write over everything around an object", function()
  it("is found and repaired, and the machine is sound", function()
    boot{ kasan = "off" }
    local a, b = kmalloc(64), kmalloc(64)
    memset(a - 64, 0x41, 512)
    assert.warns(function() assert.equal(2, slab_validate("kmalloc-64")) end, "Freepointer corrupt")
    assert.equal(0, slab_validate())
    assert.equal(0, #fsck())
    kfree(a)
    kfree(b)
  end)

  it("a check that gets no memory says so, and finds it later", function()
    boot{ kasan = "off" }
    local q = kmalloc(64)
    q[64] = 0
    write("/sys/kernel/debug/failslab/ignore-gfp-wait", "N")
    write("/proc/self/fail-nth", "1")
    assert.equal(-12, write("/sys/kernel/slab/kmalloc-64/validate", "1"))
    assert.warns(function() write("/sys/kernel/slab/kmalloc-64/validate", "1") end, "Right Redzone")
  end)
end)
