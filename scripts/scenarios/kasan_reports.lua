-- SPDX-License-Identifier: MIT
-- The kinds of KASAN that kasan.lua does not have: in front of an object, behind
-- and after pages, and pointers that never were any. Each driver twice.

local function load_and_unload(probe, remove)
  local dev = device("eth0")
  local demo = driver{ name = "demo", probe = probe, remove = remove }
  -- a script's error on the way is what an Oops does to a task
  if pcall(bind, dev, demo) then unbind(dev) end
end

-- what(broken) runs the driver; broken earns the report, repaired must not
local function pair(why, what, report)
  it("broken: " .. why, function() assert.warns(function() what(true) end, report) end)
  it("repaired: not " .. why, function() what(false) end)
end

for _, release in ipairs{ "6.1", "6.12", "7.2" } do
  local slab_uaf = release == "6.1" and "use-after-free" or "slab-use-after-free"

  describe("KASAN on " .. release, function()
    before_each(function() boot{ release = release } end)

    pair("the entry before the first one", function(broken)
      local ring
      load_and_unload(function()
        ring = kmalloc(64)
        memset(ring + 8 * (broken and -1 or 7), 0, 8)
      end, function() kfree(ring) end)
    end, "KASAN: slab-out-of-bounds in demo_probe")

    -- The same with devm_kmalloc: in front of the data stands the node's header,
    -- which is open to all. No checker sees it; fsck does.
    it("broken, and hidden: the entry before the first one of managed memory", function()
      local dev = device("eth0")
      local ring = devm_kmalloc(dev, 64)
      local size = ring:read(-8, 8)
      memset(ring - 8, 0, 8)
      assert.not_logged("KASAN")
      ring:write(-8, size)
    end)

    -- More than 8 KiB come as pages: behind them is a red zone up to the page's end.
    pair("one byte behind a large buffer", function(broken)
      local frame
      load_and_unload(function()
        frame = kmalloc(9000)
        memset(frame, 0, broken and 9001 or 9000)
      end, function() kfree(frame) end)
    end, "KASAN: slab-out-of-bounds in demo_probe")

    -- Pages have no red zone. Behind them lies what happens to lie there: free
    -- pages, a red zone of somebody's slab, or somebody's data, and then no word.
    pair("behind the pages of __get_free_pages()", function(broken)
      load_and_unload(function(dev)
        local ring = devm_get_free_pages(dev, GFP_KERNEL, 1)
        memset(ring, 0, 8192 + (broken and 16 or 0))
      end)
    end, "in demo_probe")

    pair("DMA that goes on after the pages were freed", function(broken)
      local ring
      load_and_unload(function(dev) ring = devm_get_free_pages(dev, GFP_KERNEL, 0) end,
                      function() if not broken then ring = nil end end) -- stops the DMA
      if ring then memset(ring, 0, 16) end
    end, "KASAN: use-after-free")

    pair("a large buffer after kfree()", function(broken)
      load_and_unload(function()
        local frame = kmalloc(20000)
        kfree(frame)
        if broken then frame[0] = 1 end
      end)
    end, "KASAN: use-after-free in demo_probe")

    pair("the work that remove() did not cancel", function(broken)
      local stats
      load_and_unload(function(dev) stats = devm_kzalloc(dev, 64) end,
                      function() if not broken then stats = nil end end) -- cancel_work_sync()
      if stats then return stats[0] end
    end, "KASAN: " .. slab_uaf)

    -- The data of a device without data: container_of(NULL)->count.
    pair("driver data that nobody set", function(broken)
      load_and_unload(function(dev)
        if not broken then dev_set_drvdata(dev, devm_kzalloc(dev, 64)) end
        memset(dev_get_drvdata(dev) or 0, 0, 8)
      end)
    end, "KASAN: null-ptr-deref in demo_probe")

    -- The size came from an empty property; NULL was checked, 16 was not.
    pair("writing to an allocation of 0 bytes", function(broken)
      load_and_unload(function(dev)
        local count = 0
        local table = devm_kcalloc(dev, count, 8)
        if not table or (not broken and count == 0) then return -EINVAL end
        memset(table, 0xff, 8)
      end)
    end, "KASAN: null-ptr-deref in demo_probe")

    -- A pointer of user space, as ioctl() gets it: copy_from_user() reads there.
    pair("memset() of a user-space address", function(broken)
      load_and_unload(function(dev)
        local arg, copy = 0x7f1200001000, devm_kzalloc(dev, 64)
        memset(broken and arg or copy, 0, 8)
      end)
    end, "KASAN: user-memory-access in demo_probe")

    -- The list's next pointer is read from memory that was freed and poisoned.
    pair("following a pointer out of freed memory", function(broken)
      load_and_unload(function()
        local entry = kzalloc(64)
        local next_entry = kzalloc(64)
        entry:write(0, ("<I8"):pack(next_entry.addr))
        local before = ("<I8"):unpack(entry:read(0, 8)) -- list_for_each_entry_safe()
        kfree(entry)
        memset(broken and 0x6b6b6b6b6b6b6b6b or before, 0, 8)
        kfree(next_entry)
      end)
    end, "KASAN: wild-memory-access in demo_probe")
  end)
end
