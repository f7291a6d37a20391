-- SPDX-License-Identifier: MIT
-- Every report that slub_debug= can make about an object: the driver that earns
-- it, and the same driver repaired. KASAN is off, so nobody sees the access
-- itself: the damage is found when the object is freed, handed out or validated.
--
-- An object of kmalloc-64, as FZPU lays it out on 6.12:
--
--   -64 [left red zone] 0 [object] 64 [right red zone] 72 [free pointer]
--   80 [who allocated, who freed] 144 [size asked for] 152 [padding] 192
--
-- "Alignment padding" is missing here: it stands between an object and the next
-- multiple of 8, and all kmalloc sizes are multiples of 8.

local function load_and_unload(probe, remove)
  local dev = device("eth0")
  bind(dev, driver{ name = "demo", probe = probe, remove = remove })
  unbind(dev)
end

for _, release in ipairs{ "6.1", "6.12", "7.2" } do
  local new = release ~= "6.1"
  local function overwritten(what)
    return new and "[" .. what .. " overwritten] 0x" or "): " .. what .. " overwritten"
  end

  -- what(broken) runs the driver; broken earns the report, repaired must not
  local function pair(why, what, report)
    it("broken: " .. why, function() assert.warns(function() what(true) end, report) end)
    it("repaired: not " .. why, function() what(false) end)
  end

  describe("slub_debug=FZPU on " .. release, function()
    before_each(function() boot{ release = release, kasan = "off" } end)

    pair("the entry before the first one", function(broken)
      local ring
      load_and_unload(function()
        ring = kmalloc(64)
        local head = 0
        -- C: ring[(head - 1) % 8] stays negative, ring[(head + 7) % 8] does not
        local last = broken and head - 1 or (head + 7) % 8
        memset(ring + 8 * last, 0, 8)
      end, function() kfree(ring) end)
    end, overwritten("Left Redzone"))

    pair("one entry too many", function(broken)
      local ring
      load_and_unload(function()
        ring = kmalloc(64)
        for i = 0, broken and 8 or 7 do memset(ring + 8 * i, 0, 8) end
      end, function() kfree(ring) end)
    end, overwritten("Right Redzone"))

    -- 6.1 keeps no red zone between the 20 bytes and the bucket of 32
    it("broken: room for a string without its NUL", function()
      local function run()
        local name
        load_and_unload(function()
          name = kmalloc(20)
          name:write(0, ("x"):rep(20) .. "\0")
        end, function() kfree(name) end)
      end
      if new then assert.warns(run, overwritten("kmalloc Redzone")) else run() end
    end)

    it("repaired: kstrdup() counts the NUL", function()
      local name
      load_and_unload(function() name = kstrdup(("x"):rep(20)) end, function() kfree(name) end)
    end)

    -- A timer that remove() did not stop; the next allocation finds what it did.
    local function late(off)
      return function(broken)
        local stats
        local function timer() if stats then memset(stats + off, 0x11, 1) end end
        load_and_unload(function() stats = kmalloc(64) end, function()
          kfree(stats)
          if not broken then stats = nil end -- del_timer_sync()
        end)
        timer()
        kfree(kmalloc(64))
      end
    end

    pair("a timer that counts in freed memory", late(8), overwritten("Poison"))
    pair("the same with the last byte", late(63), overwritten("End Poison"))

    -- The firmware's header says struct v2, the driver allocated a v1.
    pair("a struct that is longer than what was allocated", function(broken)
      local config
      local v1, v2_checksum = 64, 160
      load_and_unload(function()
        config = kmalloc(broken and v1 or v2_checksum + 8)
        memset(config + v2_checksum, 0, 8)
      end, function() kfree(config) end)
    end, overwritten("Object padding"))

    pair("the same in the last object of a slab", function(broken)
      local desc, objects = {}, tonumber(cat("/sys/kernel/slab/kmalloc-8/objs_per_slab"))
      local behind = tonumber(cat("/sys/kernel/slab/kmalloc-8/slab_size")) - 8
      load_and_unload(function()
        for i = 1, objects do desc[i] = kmalloc(8) end
        -- the slab's last object has no neighbour: only left-over bytes
        if broken then memset(desc[objects] + behind, 0, 8) end
      end, function()
        -- nobody asks for the last bytes of a slab but who looks at all of it
        slab_validate("kmalloc-8")
        for i = 1, objects do kfree(desc[i]) end
      end)
    end, "Padding overwritten. 0x")

    pair("kfree() in the error path and in remove()", function(broken)
      local buffer
      load_and_unload(function()
        buffer = kmalloc(64)
        kfree(buffer)
        if not broken then buffer = nil end
      end, function() kfree(buffer) end)
    end, "): Object already free")

    pair("kfree() of a pointer that was moved", function(broken)
      local text
      load_and_unload(function() text = kmalloc(64) end, function()
        local at = text
        at = at + 8 -- skips a prefix
        kfree(broken and at or text)
      end)
    end, "): Invalid object pointer 0x")

    -- Entry 9 of 8 lies behind the red zone, which is as it was: only the free
    -- pointer is damaged, and the allocator would follow it.
    pair("an index that jumps over the red zone", function(broken)
      local ring
      load_and_unload(function()
        ring = kmalloc(64)
        memset(ring + 8 * (broken and 9 or 7), 0x5a, 8)
      end, function() kfree(ring) end)
    end, "): Freepointer corrupt")
  end)

  -- Without poison the free pointer lies in the middle of the free object.
  describe("slub_debug=F on " .. release, function()
    before_each(function() boot{ release = release, kasan = "off", slub_debug = "F" } end)

    local function late_packet(find)
      return function(broken)
        local stats
        load_and_unload(function() stats = kmalloc(64) end, function()
          kfree(stats)
          if not broken then stats = nil end
        end)
        if stats then memset(stats + 32, 1, 8) end -- stats->packets++
        find()
      end
    end

    pair("a counter in freed memory, found by the next kmalloc()",
         late_packet(function() kfree(kmalloc(64)) end), "): Freepointer corrupt")
    pair("a counter in freed memory, found by validate",
         late_packet(function() slab_validate("kmalloc-64") end), "): Freechain corrupt")
  end)
end
