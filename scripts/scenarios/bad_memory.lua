-- SPDX-License-Identifier: MIT
-- Numbers, addresses and functions that Lua's calls about memory do not take:
-- one line that says what would be right, and a machine that is as before.

local dev, q
local function refuses(body, text)
  assert.has_error(body, text)
  assert.equal(0, #fsck())
end

describe("bad input", function()
  before_each(function()
    boot{ mem = "64M", numa = "fake=2" }
    dev, q = device("eth0"), kmalloc(100)
  end)

  it("is no whole number", function()
    refuses(function() kmalloc(1.5) end, "kmalloc: size: wants a whole number, got 1.5")
    refuses(function() kmalloc(1 / 0) end, "got inf")
    refuses(function() return q[1.5] end, "number has no integer representation")
    refuses(function() return q + 1.5 end, "number has no integer representation")
    refuses(function() kmalloc("lots") end, "wants a number: 64, 0x40")
  end)

  it("takes a float that is whole", function()
    q[4] = 7
    assert.equal(7, q[8 / 2])
    assert.equal(q + 4, 4.0 + q)
    assert.equal(q, (q + 4) - 4.0)
  end)

  it("is out of range", function()
    refuses(function() memset(q, 256, 1) end, "wants a byte, 0 to 255")
    refuses(function() q:fill(-1) end, "wants 0 to 255")
    refuses(function() q:read(0, -1) end, "wants 0 to 64 MiB")
    refuses(function() q:read(0, 1 << 40) end, "wants 0 to 64 MiB")
    refuses(function() x(q, 1000000000) end, "at most 65536 bytes")
    refuses(function() kmalloc_node(8, GFP_KERNEL, 2) end, "nodes 0 to 1")
    refuses(function() slab_validate("kmalloc-63") end, "no such cache")
    assert.is_nil(kmalloc(-1, GFP_KERNEL | __GFP_NOWARN)) -- SIZE_MAX, as in C
  end)

  it("is no function", function()
    refuses(function() in_atomic(1) end, "wants a function")
    refuses(function() faults("kmalloc") end, "wants a function")
  end)

  it("is faults in faults, or one that never succeeds", function()
    local rows = faults(function() faults(function() end) end)
    assert.equal(1, #rows)
    assert.truthy(rows[1].verdict:find("faults cannot run inside faults", 1, true))
    rows = faults(function() return -EIO end)
    assert.equal("fails although no allocation did", rows[1].verdict)
    assert.equal(0, #fsck())
  end)

  it("is a range that leaves the memory: what is there is done, then an Oops", function()
    local last = 0xffff888003ffff00
    local behind = "page fault for address: ffff888004000000"
    boot{ mem = "64M", numa = "fake=2", kasan = "off" }
    q = kmalloc(100)
    assert.warns(function() pcall(memset, last, 1, 257) end, behind)
    assert.warns(function() pcall(memcpy, last, q, 1000) end, behind)
    assert.warns(function() pcall(memcpy, q, -8, 16) end, "page fault")
    assert.equal(0, #fsck())
  end)

  it("is one report for one wrong memcpy(), however long it is", function()
    for release, expected in pairs{ ["4.9"] = 2, ["4.19"] = 2, ["5.10"] = 1, ["6.12"] = 1 } do
      boot{ release = release, mem = "64M", kasan_multi_shot = release ~= "4.9" and "on" or nil }
      q = kmalloc(100)
      assert.warns(function() memcpy(q, q, 1 << 20) end, "KASAN")
      local reports = 0
      for _, line in ipairs(dmesg()) do
        if line.text:find("BUG: KASAN", 1, true) then reports = reports + 1 end
      end
      -- what is read, and what is written; the first report ends it on newer releases
      assert.equal(expected, reports)
    end
  end)

  it("does what memset() does there: nothing after a report, from 5.10 on", function()
    for release, written in pairs{ ["4.9"] = 0x41, ["4.19"] = 0x41, ["5.10"] = 0, ["6.1"] = 0,
                                   ["6.12"] = 0, ["7.2"] = 0 } do
      boot{ release = release, mem = "64M", kasan_multi_shot = release ~= "4.9" and "on" or nil }
      q = kzalloc(100)
      assert.warns(function() memset(q, 0x41, 101) end, "KASAN: slab-out-of-bounds")
      assert.equal(written, q[0])
      assert.warns(function() memcpy(q, q + 8, 100) end, "KASAN: slab-out-of-bounds")
    end
  end)

  it("crosses a node's end", function()
    local rows = x(0xffff888001fffff0, 32)
    assert.truthy(rows[1].text:find("on node 0 up to ffff888001ffffff, then on node 1", 1, true))
    assert.equal(3, #rows)
  end)

  it("validates while allocations fail", function()
    write("/sys/kernel/debug/failslab/ignore-gfp-wait", "N")
    write("/sys/kernel/debug/failslab/probability", "100")
    write("/sys/kernel/debug/failslab/times", "-1")
    q:fill(0, 100)
    assert.warns(function() q[128] = 0 end, "KASAN")
    -- validate needs a little memory of its own: nothing is looked at, nothing is lost
    assert.has_error(function() slab_validate() end, "no memory")
    assert.is_nil(kmalloc(8))
    write("/sys/kernel/debug/failslab/times", "0")
    assert.warns(function() assert.equal(1, slab_validate()) end, "Right Redzone overwritten")
    assert.equal(0, slab_validate())
  end)
end)
