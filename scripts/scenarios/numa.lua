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
  end)
end
