-- SPDX-License-Identifier: MIT
-- Memory that is not there: what the allocators say, and drivers that are ready
-- for it or not.

local slab = "/sys/kernel/debug/failslab/"
local pages = "/sys/kernel/debug/fail_page_alloc/"

local function set(dir, attributes)
  for name, value in pairs(attributes) do
    assert.equal(0, write(dir .. name, value))
  end
end

-- Takes all memory that there is.
local function exhaust()
  for _, size in ipairs{ 1 << 20, 4096, 64 } do
    while kmalloc(size, GFP_KERNEL | __GFP_NOWARN) do end
  end
end

for _, release in ipairs{ "6.1", "6.12", "7.2" } do
  describe("on " .. release, function()
    local dev
    before_each(function()
      boot{ release = release, mem = "8M" }
      dev = device("eth0")
    end)

    it("broken: two rings of 4 MB on a machine of 8, and no look at what came back", function()
      local demo = driver{ name = "demo", probe = function(d)
        for _ = 1, 2 do devm_kmalloc(d, 4000000) end
      end }
      assert.equal(0, bind(dev, demo)) -- bound, and without its second ring
      assert.logged("devsh: page allocation failure: order:10, mode:0x")
      assert.logged("GFP_KERNEL")
    end)

    it("repaired: is content with less, and the large try is silent", function()
      local got
      local demo = driver{ name = "demo", probe = function(d)
        if not devm_kmalloc(d, 4000000) then return -ENOMEM end
        for size = 4000000, 4096, -500000 do
          got = devm_kmalloc(d, size, GFP_KERNEL | __GFP_NOWARN)
          if got then return 0 end
        end
        return -ENOMEM
      end }
      assert.equal(0, bind(dev, demo))
      assert.allocated(got)
      assert.not_logged("page allocation failure")
    end)

    it("broken: a slab cannot grow, and NULL is written to", function()
      exhaust()
      local demo = driver{ name = "demo", probe = function()
        memset(kmalloc(64) or 0, 0, 64)
      end }
      assert.warns(function() pcall(bind, dev, demo) end, "KASAN: null-ptr-deref in demo_probe")
      assert.logged("SLUB: Unable to allocate memory on ")
      assert.logged("  cache: kmalloc-64, object size: 64")
    end)

    it("repaired: -ENOMEM, and the log says which cache it was", function()
      exhaust()
      local demo = driver{ name = "demo", probe = function()
        if not kmalloc(64) then return -ENOMEM end
      end }
      assert.equal(-ENOMEM, bind(dev, demo))
      assert.logged("  cache: kmalloc-64, object size: 64")
    end)
  end)

  -- A driver with a buffer, a ring of pages and an action, whose error paths are
  -- right or not. What makes it fail is the same each time.
  describe("failures on purpose on " .. release, function()
    local dev
    local function demo(broken)
      return driver{ name = "demo", probe = function(d)
        local buffer = kmalloc(128)
        if not buffer then return -ENOMEM end
        if not broken then
          local rc = devm_add_action_or_reset(d, function(p) kfree(p) end, buffer)
          if rc ~= 0 then return rc end
        end
        if not devm_get_free_pages(d, GFP_KERNEL, 1) then return -ENOMEM end
        if broken then
          return devm_add_action(d, function(p) kfree(p) end, buffer)
        end
      end }
    end
    before_each(function()
      boot{ release = release }
      dev = device("eth0")
    end)

    local ways = {
      ["failslab, by chance of 100"] = function()
        -- the first 200 bytes are given out: the buffer's
        set(slab, { ["ignore-gfp-wait"] = "N", probability = "100", times = "1", space = "200" })
      end,
      ["fail_page_alloc"] = function()
        set(pages, { ["ignore-gfp-wait"] = "N", probability = "100", times = "1" })
      end,
      ["fail-nth, the second"] = function()
        set(slab, { ["ignore-gfp-wait"] = "N" })
        set(pages, { ["ignore-gfp-wait"] = "N" })
        assert.equal(0, write("/proc/self/fail-nth", "2"))
      end,
    }
    for way, prepare in pairs(ways) do
      it("broken: leaks its buffer, " .. way, function()
        local drv = demo(true)
        prepare()
        assert.leaks(function() assert.equal(-ENOMEM, bind(dev, drv)) end)
        assert.logged("FAULT_INJECTION: forcing a failure.")
      end)

      it("repaired: gives it back, " .. way, function()
        local drv = demo(false)
        prepare()
        assert.no_leak(function() assert.equal(-ENOMEM, bind(dev, drv)) end)
        assert.logged("FAULT_INJECTION: forcing a failure.")
      end)
    end

    it("repaired: whatever fails", function()
      local drv = demo(false)
      assert.handles_faults(function()
        local rc = bind(dev, drv)
        if rc == 0 then unbind(dev) end
        return rc
      end)
    end)
  end)
end
