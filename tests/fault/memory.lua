-- SPDX-License-Identifier: MIT
-- The N-th allocation fails, for N = 1, 2, 3 ... until the whole succeeds: what
-- was done before is undone, and nothing that was there is lost.

local classes = { 8192, 4096, 2048, 1024, 512, 256, 192, 128, 96, 64, 32, 16, 8 }
local quiet = GFP_KERNEL | __GFP_NOWARN
local spare -- objects of 64 bytes that can be given back one by one

-- Takes all memory there is.
local function starve()
  spare = {}
  for i = 1, 16 do spare[i] = assert(kmalloc(64)) end
  for _, size in ipairs(classes) do
    while kmalloc(size, quiet) do end
  end
end

-- Room for n more nodes of up to 24 bytes.
local function allow(n)
  for i = 1, n do kfree(spare[i]) end
end

-- Takes back what allow(n) gave; fails when it is not all there.
local function withdraw(n)
  for i = 1, n do spare[i] = assert(kmalloc(64, quiet)) end
  assert.is_nil(kmalloc(64, quiet))
end

local calls = {
  devm_kmalloc = function(dev) return devm_kmalloc(dev, 20, quiet) end,
  devm_kzalloc = function(dev) return devm_kzalloc(dev, 20, quiet) end,
  devm_kcalloc = function(dev) return devm_kcalloc(dev, 2, 10, quiet) end,
  devm_kmalloc_array = function(dev) return devm_kmalloc_array(dev, 2, 10, quiet) end,
  devm_kstrdup = function(dev) return devm_kstrdup(dev, "eth0-rx", quiet) end,
  devm_kmemdup = function(dev) return devm_kmemdup(dev, spare[16], 20, quiet) end,
  devm_add_action = function(dev) return devm_add_action(dev, "disable_clk") == 0 end,
  devm_add_action_or_reset = function(dev)
    return devm_add_action_or_reset(dev, "disable_clk") == 0
  end,
  devres_alloc = function(dev)
    local r = devres_alloc("put_clk", 16, quiet)
    if r then devres_add(dev, r) end
    return r
  end,
}

local names = {}
for name in pairs(calls) do names[#names + 1] = name end
table.sort(names)

for _, checking in ipairs{ "FZPU", "-" } do
  describe("memory runs out, slub_debug=" .. checking, function()
    before_each(function()
      boot{ mem = "4M", slub_debug = checking }
      device("eth0")
      starve()
    end)

    for _, name in ipairs(names) do
      local call = calls[name]
      it(name .. " registers a node or nothing", function()
        assert.falsy(call("eth0"))
        assert.equal(0, #devres("eth0"))
        for n = 1, 3 do
          allow(n)
          for i = 1, n do
            assert.truthy(call("eth0"))
            assert.equal(i, #devres("eth0"))
          end
          assert.falsy(call("eth0"))
          assert.equal(n, #devres("eth0"))
          assert.equal(n, devres_release_all("eth0"))
          withdraw(n)
        end
      end)
    end

    it("a probe that fails at its n-th call gives everything back", function()
      local ran = 0
      local demo = driver{
        name = "demo",
        probe = function(dev)
          for _, step in ipairs{ "devm_kzalloc", "devm_kstrdup", "devm_add_action",
                                 "devres_alloc", "devm_kmemdup", "devm_kcalloc" } do
            if not calls[step](dev) then return -ENOMEM end
          end
          ran = ran + 1
        end,
      }
      for n = 0, 5 do
        allow(n)
        assert.equal(-ENOMEM, bind("eth0", demo))
        assert.equal(0, #devres("eth0"))
        withdraw(n)
      end
      allow(6)
      assert.equal(0, bind("eth0", demo))
      assert.equal(1, ran)
      assert.equal(0, unbind("eth0"))
      withdraw(6)
    end)

    it("an action that cannot be registered runs at once, and only then", function()
      local runs = 0
      local function off() runs = runs + 1 end
      assert.equal(-ENOMEM, devm_add_action(device("eth1"), off))
      assert.equal(0, runs)
      assert.equal(-ENOMEM, devm_add_action_or_reset("eth1", off))
      assert.equal(1, runs)
      allow(1)
      assert.equal(0, devm_add_action_or_reset("eth1", off))
      assert.equal(1, runs)
      device_unregister("eth1")
      assert.equal(2, runs)
      withdraw(1)
    end)

    it("devices and drivers need none of it", function()
      driver{ name = "demo", probe = function(dev) return 0 end }
      local dev = device("demo.0")
      device_unregister(dev)
      kfree(spare[1])
      assert.truthy(kmalloc(64, quiet))
    end)
  end)
end
