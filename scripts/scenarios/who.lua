-- SPDX-License-Identifier: MIT
-- Whose memory an address is: the same answer on every release and architecture,
-- before and after it was freed.

-- The facts about an address, by name.
local function facts(what)
  local found = {}
  for _, row in ipairs(who(what)) do found[row.fact] = row.text end
  return found
end

local machines = { "release=4.9", "release=4.19", "release=5.10", "release=6.1", "release=6.12",
                   "release=7.2", "release=4.9 arch=arm", "release=6.12 arch=arm64",
                   "release=6.12 arch=riscv64", "release=7.2 arch=arm" }

for _, machine in ipairs(machines) do
  describe("who on " .. machine, function()
    local dev, stats, plain

    before_each(function()
      boot(machine)
      dev = device("eth0")
      driver{ name = "demo", probe = function(d)
        devm_kzalloc(d, 24)
        stats = devm_kzalloc(d, 64)
        plain = kmalloc(100)
      end }
      bind(dev, "demo")
    end)

    it("knows the owner of a node, by its number", function()
      local f = facts(stats)
      assert.equal("node 2 of eth0, 64 bytes of demo_probe", f.what)
      assert.equal("data, byte 0 of 64", f.part)
      assert.equal("eth0, bound to demo: unbind frees it", f.owner)
      assert.truthy(f.allocated:find("by demo_probe, in probe of demo for eth0", 1, true))
    end)

    it("still knows it when node, device and driver are gone", function()
      unbind(dev)
      device_unregister(dev)
      driver_unregister("demo")
      local f = facts(stats)
      assert.equal("node 2 of eth0, 64 bytes of demo_probe, which was freed", f.what)
      assert.equal("data, byte 0 of 64", f.part)
      assert.truthy(f.freed:find("devres_release_all when demo was unbound", 1, true))
    end)

    it("knows that kmalloc memory has no owner", function()
      local f = facts(plain)
      assert.equal("100 bytes of demo_probe", f.what)
      assert.equal("no device: whoever allocated it must free it", f.owner)
      kfree(plain)
      assert.truthy(facts(plain).freed:find("by kfree", 1, true))
    end)

    it("names a part for each byte around an object", function()
      local seen = {}
      for off = -160, 480 do
        local part = facts(stats + off).part
        if part then seen[part:match("^[^,]+")] = true end
      end
      -- a bucket that is full has no slack, an object that needs none no padding;
      -- CONFIG_SLAB keeps less, and nothing where objects are aligned to more than 8
      local slab, aligned = machine:find("4.9", 1, true), machine:find("arch")
      local zones = { "left red zone", "right red zone" }
      local around = slab and { "last caller" }
                          or { "free pointer", "allocation track", "free track" }
      for _, list in ipairs{ { "data", "header" }, zones, around } do
        for _, part in ipairs(list) do
          local want = list[1] == "data" or not (slab and aligned)
          assert.equal(want and part or nil, seen[part] and part)
        end
      end
      if not aligned then
        assert.equal(true, seen["slack of the bucket"])
        assert.equal(not slab or nil, seen["padding"])
        assert.equal(true, seen["KASAN's own"])
      end
    end)

    it("changes nothing", function()
      local before = #objects()
      for off = 0, 20000, 8 do who(stats + off) end
      assert.equal(before, #objects())
    end)
  end)
end

describe("the same number before and after", function()
  it("stays when an older node goes", function()
    local dev = device("eth0")
    local a, b = devm_kmalloc(dev, 8), devm_kmalloc(dev, 8)
    devm_kfree(dev, a)
    assert.equal("node 2 of eth0, 8 bytes", facts(b).what)
    devm_kfree(dev, b)
    assert.equal("node 2 of eth0, 8 bytes, which was freed", facts(b).what)
    assert.truthy(facts(b).freed:find("by devm_kfree", 1, true))
  end)

  it("goes on to the node that takes another one's place", function()
    local dev = device("eth0")
    local a = devm_kmalloc(dev, 8)
    devm_kmalloc(dev, 8)
    local b = devm_krealloc(dev, a, 1000)
    assert.equal("node 1 of eth0, 1000 bytes", facts(b).what)
    assert.truthy(facts(a).freed:find("by devm_krealloc", 1, true))
  end)

  it("begins again on an empty list", function()
    local dev = device("eth0")
    devm_kfree(dev, devm_kmalloc(dev, 8))
    assert.equal("node 1 of eth0, 8 bytes", facts(devm_kmalloc(dev, 8)).what)
  end)
end)

describe("memory that is used again", function()
  it("names both owners", function()
    boot("kasan=off")
    local a, b = device("a"), device("b")
    local p = devm_kmalloc(a, 64)
    devm_kfree(a, p)
    local q = devm_kmalloc(b, 64)
    assert.equal(tostring(p), tostring(q))
    assert.equal("node 1 of b, 64 bytes", facts(q).what)
    assert.truthy(facts(q).before:find("by devm_kfree; it was a's", 1, true))
  end)
end)

describe("nobody tracks", function()
  it("says what is not known, and what would know it", function()
    boot("slub_debug=- kasan=off")
    local f = facts(devm_kmalloc(device("eth0"), 64))
    assert.equal("node 1 of eth0, 64 bytes", f.what)
    assert.truthy(f.history:find("slub_debug=U", 1, true))
  end)
end)
