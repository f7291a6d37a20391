-- SPDX-License-Identifier: MIT
-- When memory runs out: NULL, a clean unwind, and everything comes back.

describe("out of memory", function()
  before_each(function() boot{ mem = "8M" } end)

  local function fill(size)
    local all = {}
    while true do
      local p = kmalloc(size, GFP_KERNEL | __GFP_NOWARN)
      if not p then return all end
      all[#all + 1] = p
    end
  end

  it("kmalloc returns NULL in every size class, and frees make room again", function()
    for _, size in ipairs{ 8, 96, 192, 1024, 8192, 65536, 1048576 } do
      local all = fill(size)
      assert.truthy(#all > 0)
      local last = all[#all]
      kfree(last)
      assert.equal(last, kmalloc(size, GFP_KERNEL | __GFP_NOWARN))
      for _, p in ipairs(all) do kfree(p) end
      assert.equal(0, #objects())
    end
  end)

  it("GFP_ATOMIC takes of what GFP_KERNEL has to leave", function()
    fill(4096)
    assert.is_nil(kmalloc(4096, GFP_KERNEL | __GFP_NOWARN))
    assert.is_nil(kmalloc(4096, GFP_NOWAIT | __GFP_NOWARN))
    assert(kmalloc(4096, GFP_ATOMIC))
    write("/proc/sys/vm/min_free_kbytes", "0")
    assert(kmalloc(4096, GFP_KERNEL))
  end)

  it("__GFP_NOFAIL takes of it, too", function()
    local dev = device("eth0")
    fill(8192)
    fill(128)
    assert.is_nil(devm_kzalloc(dev, 64, GFP_KERNEL | __GFP_NOWARN))
    assert(devm_kzalloc(dev, 64, GFP_KERNEL | __GFP_NOFAIL))
  end)

  it("empty slabs of one size make room for another", function()
    for _, p in ipairs(fill(64)) do kfree(p) end
    local n = #fill(1048576)
    assert.truthy(n >= 3)
  end)

  it("devm_kmalloc returns NULL and registers nothing", function()
    local dev = device("eth0")
    local all = fill(64)
    for _, p in ipairs(fill(8)) do all[#all + 1] = p end
    assert.is_nil(devm_kmalloc(dev, 20, GFP_KERNEL | __GFP_NOWARN))
    assert.equal(0, #devres(dev))
    assert.equal(-ENOMEM, devm_add_action(dev, "disable_clk"))
    assert.equal(0, #devres(dev))
  end)

  it("devm_add_action_or_reset runs the action when it fails", function()
    local dev, ran = device("eth0"), 0
    fill(64)
    fill(8)
    assert.equal(-ENOMEM, devm_add_action_or_reset(dev, function() ran = ran + 1 end))
    assert.equal(1, ran)
  end)

  it("a probe that runs out of memory unwinds what it took", function()
    local dev = device("eth0")
    local demo = driver{
      name = "demo",
      probe = function(d)
        while true do
          if not devm_kmalloc(d, 100000, GFP_KERNEL | __GFP_NOWARN) then return -ENOMEM end
        end
      end,
    }
    assert.no_leak(function() assert.equal(-ENOMEM, bind(dev, demo)) end)
    assert.truthy(kmalloc(1048576))
  end)

  it("the failure is in the log, with __GFP_NOWARN it is not", function()
    fill(1048576)
    assert.is_nil(kmalloc(1048576, GFP_KERNEL | __GFP_NOWARN))
    assert.not_logged("page allocation failure")
    assert.is_nil(kmalloc(1048576, GFP_KERNEL))
    assert.logged("page allocation failure: order:8, mode:0x40cc0(GFP_KERNEL|__GFP_COMP)")
  end)

  it("a slab that cannot grow says so", function()
    fill(64)
    assert.is_nil(kmalloc(64))
    assert.logged("SLUB: Unable to allocate memory")
    assert.logged("cache: kmalloc-64, object size: 64")
  end)

  it("more than KMALLOC_MAX_SIZE is NULL and one WARN, however often", function()
    assert.is_nil(kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN))
    assert.warns(function() assert.is_nil(kmalloc(KMALLOC_MAX_SIZE + 1)) end, "__alloc_pages")
    assert.is_nil(kmalloc(KMALLOC_MAX_SIZE + 1))
    assert.is_nil(kmalloc(1 << 30))
  end)
end)
