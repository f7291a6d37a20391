-- SPDX-License-Identifier: MIT
-- Where nobody may sleep: the wrong flag, and the right one.

local splat = "BUG: sleeping function called from invalid context at "

describe("under a spinlock", function()
  local dev
  before_each(function() dev = device("eth0") end)

  it("broken: GFP_KERNEL may sleep", function()
    local p
    assert.warns(function()
      in_atomic(function() p = devm_kzalloc(dev, 64, GFP_KERNEL) end)
    end, splat .. "include/linux/sched/mm.h:321")
    assert.allocated(p)
    assert.logged("in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 1, name: devsh")
    assert.logged("preempt_count: 1, expected: 0")
    assert.equal("512\n", cat("/proc/sys/kernel/tainted"))
  end)

  it("repaired: GFP_ATOMIC and GFP_NOWAIT do not", function()
    in_atomic(function()
      assert(devm_kzalloc(dev, 64, GFP_ATOMIC))
      assert(kmalloc(64, GFP_NOWAIT))
    end)
    assert.not_logged(splat)
  end)

  it("broken: what asks for GFP_KERNEL inside", function()
    local calls = {
      function() devm_add_action(dev, "off", 0) end,
      function() devm_get_free_pages(dev, GFP_ATOMIC, 0) end,
      function() devm_alloc_percpu(dev, 64) end,
      function() kmalloc(100000, GFP_KERNEL) end,
    }
    for _, call in ipairs(calls) do
      advance("2s")
      assert.warns(function() in_atomic(call) end, splat)
    end
  end)

  it("ends when the function does, also after an error", function()
    assert.has_error(function() in_atomic(function() error("oh") end) end, "oh")
    assert(kmalloc(64))
    assert.not_logged(splat)
  end)
end)

describe("the report", function()
  local dev
  before_each(function() dev = device("eth0") end)

  it("has the numbers of what was taken", function()
    assert.warns(function()
      spin_lock_irqsave(function() devm_kzalloc(dev, 64) end)
    end, "in_atomic(): 1, irqs_disabled(): 1")
    advance("1s")
    assert.warns(function()
      local_irq_save(function() devm_kzalloc(dev, 64) end)
    end, "in_atomic(): 0, irqs_disabled(): 1")
    advance("1s")
    assert.warns(function()
      in_atomic(function() in_atomic(function() devm_kzalloc(dev, 64) end) end)
    end, "preempt_count: 2, expected: 0")
  end)

  it("comes at most once a second", function()
    assert.warns(function()
      in_atomic(function()
        for _ = 1, 100 do devm_kzalloc(dev, 64) end
      end)
    end)
    -- assert.warns has excused one report; a second one would fail this scenario
    advance("1s")
    assert.warns(function() in_atomic(function() devm_kzalloc(dev, 64) end) end)
  end)

  it("comes under devres_lock, too", function()
    devres_add(dev, devres_alloc("put_clk", 16))
    assert.warns(function()
      devres_for_each_res(dev, "put_clk", { fn = function() kmalloc(64) end })
    end, "in_atomic(): 1, irqs_disabled(): 1")
  end)

  it("is worded as the release words it", function()
    local first = {
      ["4.9"] = "in_atomic(): 1, irqs_disabled(): 0, pid: 1, name: devsh",
      ["4.19"] = "in_atomic(): 1, irqs_disabled(): 0, pid: 1, name: devsh",
      ["5.10"] = "in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 1, name: devsh",
      ["6.1"] = splat .. "include/linux/sched/mm.h:274",
      ["7.2"] = splat .. "include/linux/sched/mm.h",
    }
    for release, text in pairs(first) do
      boot("release=" .. release)
      assert.warns(function() in_atomic(function() kmalloc(64) end) end, text)
      if release < "6" then assert.not_logged("preempt_count") end
    end
  end)
end)
