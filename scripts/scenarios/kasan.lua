-- SPDX-License-Identifier: MIT
-- Memory that drivers touch and should not: each time the broken driver, what
-- KASAN says about it, and the driver as it should be.

local function driver_of(probe, remove)
  local dev = device("eth0")
  local drv = driver{ name = "demo", probe = probe, remove = remove }
  return dev, drv
end

-- Only the repaired driver: no complaint at all.
local function is_clean(probe, remove)
  local dev, drv = driver_of(probe, remove)
  bind(dev, drv)
  unbind(dev)
  assert.equal(0, #objects())
end

local use_after_free = { ["4.19"] = "use-after-free", ["6.1"] = "use-after-free",
                         ["6.12"] = "slab-use-after-free", ["7.2"] = "slab-use-after-free" }

for _, release in ipairs{ "4.19", "6.1", "6.12", "7.2" } do
  describe("KASAN on " .. release, function()
    before_each(function() boot{ release = release } end)

    describe("an index that is one too large", function()
      it("broken: 16 entries, and entry 16 is written", function()
        local dev, drv = driver_of(function(d)
          local ring = devm_kmalloc(d, 256)
          for i = 0, 16 do memset(ring + 16 * i, 0, 16) end
        end)
        -- the bucket of 512 hides it but on 6.1
        if release ~= "6.1" then
          bind(dev, drv)
        else
          assert.warns(function() bind(dev, drv) end, "KASAN: slab-out-of-bounds in demo_probe")
          assert.logged("Write of size 16")
        end
      end)

      it("broken: the same with kmalloc is caught on all", function()
        local dev, drv = driver_of(function()
          local ring = kmalloc(200)
          ring[200] = 1
          kfree(ring)
        end)
        assert.warns(function() bind(dev, drv) end, "KASAN: slab-out-of-bounds in demo_probe")
      end)

      it("repaired: entries 0 to 15", function()
        is_clean(function(d)
          local ring = devm_kmalloc(d, 256)
          for i = 0, 15 do memset(ring + 16 * i, 0, 16) end
        end)
      end)
    end)

    describe("10 bytes were asked for", function()
      it("byte 10 is seen on 6.1; elsewhere the slack of the bucket is as good", function()
        local p = devm_kzalloc(device("eth0"), 10)
        if release ~= "6.1" then
          memset(p, 0x41, 11)
        else
          assert.warns(function() memset(p, 0x41, 11) end, "KASAN: slab-out-of-bounds")
        end
      end)
    end)

    describe("memory that is used after unbind", function()
      it("broken: the timer still runs", function()
        local stats
        local dev, drv = driver_of(function(d) stats = devm_kzalloc(d, 64) end)
        bind(dev, drv)
        unbind(dev)
        assert.warns(function() stats[0] = 1 end, "KASAN: " .. use_after_free[release])
        assert.logged("Freed by task 1:")
        assert.logged(" devres_release_all+")
      end)

      it("repaired: remove() stops it", function()
        local stats
        is_clean(function(d) stats = devm_kzalloc(d, 64); stats[0] = 1 end,
                 function() stats = nil end)
      end)
    end)

    describe("memory that is freed twice", function()
      it("broken: the error path and remove() free it", function()
        local buffer
        local dev, drv = driver_of(function() buffer = kmalloc(64); kfree(buffer) end,
                                   function() kfree(buffer) end)
        bind(dev, drv)
        assert.warns(function() unbind(dev) end, "double-free")
      end)

      it("repaired: who freed it forgets it", function()
        local buffer
        is_clean(function() buffer = kmalloc(64); kfree(buffer); buffer = nil end,
                 function() kfree(buffer) end)
      end)
    end)

    describe("kfree of managed memory", function()
      it("broken", function()
        local p
        local dev, drv = driver_of(function(d) p = devm_kmalloc(d, 64) end,
                                   function() kfree(p) end)
        bind(dev, drv)
        assert.warns(function() unbind(dev) end, "invalid-free")
      end)

      it("repaired: unbind frees it", function()
        is_clean(function(d) devm_kmalloc(d, 64) end)
      end)
    end)

    describe("no check of what came back", function()
      it("broken: NULL is written to", function()
        local dev, drv = driver_of(function(d)
          memset(devm_kmalloc(d, KMALLOC_MAX_SIZE, GFP_KERNEL | __GFP_NOWARN), 0, 8)
        end)
        assert.warns(function() pcall(bind, dev, drv) end, "KASAN: null-ptr-deref in demo_probe")
        assert.logged("NULL pointer dereference")
      end)

      it("repaired", function()
        local dev, drv = driver_of(function(d)
          local p = devm_kmalloc(d, KMALLOC_MAX_SIZE, GFP_KERNEL | __GFP_NOWARN)
          if not p then return -ENOMEM end
        end)
        pcall(bind, dev, drv)
        assert.equal(0, #objects())
      end)
    end)

    it("ZERO_SIZE_PTR has no bytes", function()
      assert.warns(function() pcall(function() kmalloc(0)[0] = 1 end) end, "KASAN: null-ptr-deref")
    end)

    it("a pointer read from freed memory leads nowhere", function()
      assert.warns(function() pcall(function() memset(0x6b6b6b6b6b6b6b6b, 0, 1) end) end,
                   "KASAN: wild-memory-access")
    end)

    it("memory that nobody allocated", function()
      assert.warns(function() memset(kmalloc(64) - (1 << 20) + (4 << 20), 0, 8) end,
                   "KASAN: use-after-free")
    end)
  end)
end

describe("where KASAN is off", function()
  for _, how in ipairs{ { kasan = "off", slub_debug = "P" }, { slub_debug = "-" },
                       { arch = "arm", slub_debug = "P" } } do
    it("nothing is said", function()
      boot(how)
      local p = kmalloc(64)
      p[64] = 1
      kfree(p)
      p[0] = 1
    end)
  end
end)
