-- SPDX-License-Identifier: MIT
-- Memory comes from the device's node, and from others when that is full.

for _, release in ipairs{ "4.19", "6.12" } do
  describe("NUMA on " .. release, function()
    before_each(function() boot{ release = release, numa = "fake=4", mem = "64M" } end)

    it("devm_kmalloc allocates on the device's node", function()
      for node = 0, 3 do
        local dev = device("eth" .. node, { numa_node = node })
        for _, size in ipairs{ 8, 100, 1000, 8000, 20000 } do
          assert.equal(node, devm_kmalloc(dev, size):node())
        end
      end
    end)

    it("a child takes the node of its parent", function()
      local parent = device("pci0", { numa_node = 2 })
      local child = device("eth0", { parent = parent })
      assert.equal(2, dev_to_node(child))
      assert.equal(2, devm_kzalloc(child, 64):node())
    end)

    it("no node means the node of the running CPU", function()
      local dev = device("eth0")
      assert.equal(-1, dev_to_node(dev))
      assert.equal(0, devm_kmalloc(dev, 64):node())
    end)

    it("kmalloc_node takes the node that it is given", function()
      for node = 0, 3 do
        assert.equal(node, kmalloc_node(64, GFP_KERNEL, node):node())
      end
    end)

    it("a full node falls back to its neighbours, nearest first", function()
      local dev = device("eth0", { numa_node = 3 })
      local seen, order = {}, {}
      for _ = 1, 200 do
        local p = devm_kmalloc(dev, 200000)
        if not p then break end
        if not seen[p:node()] then
          seen[p:node()] = true
          order[#order + 1] = p:node()
        end
      end
      assert.same({ 3, 2, 1, 0 }, order)
    end)

    it("__GFP_THISNODE does not fall back", function()
      local n = 0
      while kmalloc_node(200000, GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN, 1) do n = n + 1 end
      assert.truthy(n > 0)
      assert.is_nil(kmalloc_node(200000, GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN, 1))
      assert.truthy(kmalloc_node(200000, GFP_KERNEL, 1))
    end)

    it("a freed object goes back to the node that it is from", function()
      local far = kmalloc_node(64, GFP_KERNEL, 3)
      local near = kmalloc_node(64, GFP_KERNEL, 0)
      kfree(far)
      assert.equal(0, kmalloc_node(64, GFP_KERNEL, 0):node())
      assert.equal(3, far:node())
      assert.equal(3, kmalloc_node(64, GFP_KERNEL, 3):node())
    end)

    it("a node that is not there is refused", function()
      assert.has_error(function() device("eth9", { numa_node = 4 }) end, "nodes 0 to 3")
    end)

    it("a device that moves takes its next memory from there", function()
      local dev = device("eth0", { numa_node = 1 })
      local old = devm_kmalloc(dev, 64)
      set_dev_node(dev, 2)
      assert.equal(2, devm_kmalloc(dev, 64):node())
      assert.equal(1, old:node())
      set_dev_node(dev, NUMA_NO_NODE)
      assert.equal(0, devm_kmalloc(dev, 64):node())
    end)

    it("a call refuses a node that is not there", function()
      local dev = device("eth0")
      for _, node in ipairs{ 4, 64, -2 } do
        assert.has_error(function() set_dev_node(dev, node) end, "nodes 0 to 3")
        assert.has_error(function() kmalloc_node(64, GFP_KERNEL, node) end, "nodes 0 to 3")
      end
      assert.equal(-1, dev_to_node(dev))
    end)

    it("a cache counts its objects and slabs for each node", function()
      local at = "/sys/kernel/slab/kmalloc-" .. (release == "4.19" and "1024" or "1k")
      kmalloc_node(1000, GFP_KERNEL, 1)
      for _ = 1, 3 do kmalloc_node(1000, GFP_KERNEL, 3) end
      assert.equal("4 N1=1 N3=3\n", cat(at .. "/objects"))
      assert.truthy(cat(at .. "/slabs"):match("^%d+ N1=%d+ N3=%d+\n$"))
    end)

    it("distance says who is near", function()
      assert.equal("20 10 20 30\n", cat("/sys/devices/system/node/node1/distance"))
    end)

    it("a zone that the node does not have comes from another, but not with __GFP_THISNODE", function()
      assert.equal(0, kmalloc_node(64, GFP_KERNEL | GFP_DMA, 3):node())
      assert.is_nil(kmalloc_node(64, GFP_KERNEL | GFP_DMA | __GFP_THISNODE | __GFP_NOWARN, 3))
    end)
  end)
end

describe("a device on a node without memory", function()
  before_each(function() boot{ numa = "fake=2", memoryless_nodes = 1, mem = "64M" } end)

  it("the node is there, and has no memory", function()
    assert.equal("0-2\n", cat("/sys/devices/system/node/online"))
    assert.equal("0-1\n", cat("/sys/devices/system/node/has_memory"))
    assert.is_nil(cat("/proc/buddyinfo"):find("Node 2"))
  end)

  it("objects come from the CPU's node, pages from the nearest", function()
    local dev = device("eth0", { numa_node = 2 })
    assert.equal(0, devm_kmalloc(dev, 64):node())
    assert.equal(1, devm_kmalloc(dev, 20000):node())
    assert.is_nil(kmalloc_node(20000, GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN, 2))
  end)
end)

describe("a driver that wants its ring on its own node", function()
  -- the device's node is full
  local function full_node()
    boot{ numa = "fake=2", mem = "64M" }
    for _, size in ipairs{ 1 << 22, 1 << 16, 1 << 12 } do
      while kmalloc_node(size, GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN, 1) do end
    end
    return device("eth0", { numa_node = 1 })
  end

  it("broken: __GFP_THISNODE may well give NULL, and nobody looked", function()
    local dev = full_node()
    local drv = driver{ name = "ring", probe = function(d)
      local ring = kmalloc_node(65536, GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN, dev_to_node(d))
      memset(ring, 0, 64)
    end }
    assert.warns(function() bind(dev, drv) end, "null-ptr-deref")
  end)

  it("repaired: the own node if it can be, and else any", function()
    local dev = full_node()
    local node
    local drv = driver{ name = "ring", probe = function(d)
      local gfp = GFP_KERNEL | __GFP_NOWARN
      local ring = kmalloc_node(65536, gfp | __GFP_THISNODE, dev_to_node(d))
                   or kmalloc_node(65536, gfp, dev_to_node(d))
      if not ring then return -ENOMEM end
      memset(ring, 0, 64)
      node = ring:node()
      kfree(ring)
    end }
    bind(dev, drv)
    assert.equal(0, node)
  end)

  it("simplest: devm_kmalloc prefers the device's node and falls back by itself", function()
    local dev = full_node()
    bind(dev, driver{ name = "ring", probe = function(d)
      local ring = devm_kmalloc(d, 65536)
      if not ring then return -ENOMEM end
      memset(ring, 0, 64)
    end })
    assert.equal("ring", devices()[2].driver)
  end)
end)
