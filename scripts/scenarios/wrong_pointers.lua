-- SPDX-License-Identifier: MIT
-- What happens to pointers that do not belong: the matrix, release by release.

for _, release in ipairs{ "4.19", "6.1", "6.12" } do
  describe("wrong pointers on " .. release, function()
    local dev
    local function warns(body)
      assert.warns(body, "devm_kfree")
      assert.not_logged("BUG") -- a WARN and no more
    end
    local function silent_since_5_10(body)
      if release == "4.19" then warns(body) else body() end
    end

    before_each(function()
      boot{ release = release }
      dev = device("eth0")
    end)

    it("devm_kfree(NULL)", function()
      silent_since_5_10(function() devm_kfree(dev, nil) end)
    end)

    it("devm_kfree(ZERO_SIZE_PTR)", function()
      silent_since_5_10(function() devm_kfree(dev, ZERO_SIZE_PTR) end)
    end)

    it("devm_kfree of a constant in .rodata, as devm_kstrdup_const may return", function()
      silent_since_5_10(function() devm_kfree(dev, 0xffffffff82000000) end)
    end)

    it("devm_kfree of plain kmalloc memory WARNs and leaks", function()
      local q = kmalloc(64)
      warns(function() devm_kfree(dev, q) end)
      assert.allocated(q)
      kfree(q)
    end)

    it("devm_kfree of another device's memory WARNs, the owner keeps it", function()
      local other = device("eth1")
      local p = devm_kmalloc(other, 64)
      warns(function() devm_kfree(dev, p) end)
      assert.allocated(p)
      assert.equal(other, p:owner())
      devm_kfree(other, p)
      assert.freed(p)
    end)

    it("devm_kfree of an interior pointer WARNs and frees nothing", function()
      local p = devm_kmalloc(dev, 64)
      for _, off in ipairs{ 1, 8, 63, -8, -40 } do
        warns(function() devm_kfree(dev, p + off) end)
      end
      assert.allocated(p)
      devm_kfree(dev, p)
    end)

    it("the second devm_kfree WARNs, there is no double free", function()
      local p = devm_kmalloc(dev, 64)
      devm_kfree(dev, p)
      warns(function() devm_kfree(dev, p) end)
    end)

    it("devm_kfree of garbage WARNs, and looks at no byte of it", function()
      for _, addr in ipairs{ 0x1234, 0xdeadbeef, 0x7fff00001000, -4096 } do
        warns(function() devm_kfree(dev, addr) end)
      end
    end)

    it("devm_kfree frees just the one it is given", function()
      local a, b, c = devm_kmalloc(dev, 64), devm_kmalloc(dev, 64), devm_kmalloc(dev, 64)
      devm_kfree(dev, b)
      assert.freed(b)
      assert.allocated(a)
      assert.allocated(c)
      devm_kfree(dev, a)
      assert.allocated(c)
      devm_kfree(dev, c)
      assert.equal(0, #objects())
    end)

    it("devm_kfree of an action's data WARNs: another release function", function()
      devm_add_action(dev, "disable_clk")
      local node = devres(dev)[1].addr
      warns(function() devm_kfree(dev, node) end)
      assert.equal(1, #devres(dev))
    end)

    it("kfree of managed memory is caught; the list keeps the node", function()
      local p = devm_kmalloc(dev, 64)
      assert.warns(function() kfree(p) end, "invalid-free")
      assert.allocated(p)
      devm_kfree(dev, p)
    end)

    it("kfree twice is caught", function()
      local q = kmalloc(64)
      kfree(q)
      assert.warns(function() kfree(q) end, "double-free")
    end)

    it("devres_add twice is a BUG", function()
      local r = devres_alloc("put_clk", 16)
      devres_add(dev, r)
      assert.warns(function() devres_add(dev, r) end, "kernel BUG")
    end)

    it("devres_free of a node on a list is a BUG", function()
      local r = devres_alloc("put_clk", 16)
      devres_add(dev, r)
      assert.warns(function() devres_free(r) end, "kernel BUG")
      assert.equal(1, #devres(dev))
    end)

    it("devm_kmalloc without a device is an Oops", function()
      assert.warns(function() devm_kmalloc("NULL", 64) end, "NULL pointer dereference")
    end)

    it("sizes that overflow give NULL, and nothing is registered", function()
      assert.is_nil(devm_kmalloc_array(dev, SIZE_MAX, 2))
      assert.is_nil(devm_kcalloc(dev, 1 << 62, 8))
      assert.is_nil(devm_kcalloc(dev, 1 << 61, 16))
      assert.is_nil(devm_kmalloc(dev, SIZE_MAX))
      assert.is_nil(devm_kmalloc(dev, SIZE_MAX - 20))
      assert.is_nil(kmalloc_array(SIZE_MAX // 2, 3))
      assert.is_nil(kcalloc(1 << 63, 2))
      assert.equal(0, #objects())
    end)

    it("removing an action that is not there WARNs", function()
      devm_add_action(dev, "disable_clk", 1)
      assert.warns(function() devm_remove_action(dev, "disable_clk", 2) end, "devm_remove_action")
      assert.equal(1, #devres(dev))
    end)
  end)
end
