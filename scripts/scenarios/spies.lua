-- SPDX-License-Identifier: MIT
-- Spies, and what runs once for a group.

describe("a spy", function()
  it("is a probe, an action and a release", function()
    local probe, off = spy.new(function() return 0 end), spy.new()
    driver{ name = "demo", probe = probe }
    local dev = device("demo.0")
    assert.spy(probe).was.called_with(dev)
    assert.spy(probe).was.returned_with(0)
    devm_add_action(dev, off, 7)
    devm_remove_action(dev, off, 7)
    devm_add_action(dev, off, 7)
    unbind(dev)
    assert.spy(off).was.called(1)
    assert.equal(7, off.calls[1].vals[1].addr)
  end)

  it("says how it was called", function()
    local s = spy.new()
    s(1, "a")
    s({ x = 2 })
    assert.spy(s).was.called(2)
    assert.spy(s).was_called_with({ x = 2 })
    assert.spy(s).was_not.called_with(1)
    assert.spy(s).was.called_at_least(1)
    assert.has_error(function() assert.spy(s).was.called(3) end,
      "expected the spy to be called 3 times; it was called 2 times")
    assert.has_error(function() assert.spy(s).was.called_with(3) end, '1: (1, "a")')
    assert.has_error(function() assert.spy(s).was_not.called() end, "expected the spy not to be called")
    assert.has_error(function() assert.spy(s).was.caled() end, "there is no assertion 'spy.caled'")
    s:clear()
    assert.spy(s).was_not_called()
  end)

  it("stands in for a function", function()
    local s = spy.on(_G, "devm_kfree")
    devm_kfree("eth0", devm_kmalloc(device("eth0"), 8))
    assert.spy(s).was.called(1)
    assert.equal(0, #devres("eth0"))
  end)

  it("does so up to the end of the scenario", function()
    assert.is_false(spy.is_spy(devm_kfree))
    device("eth0")
    assert.warns(function() devm_kfree("eth0", 0x1000) end)
  end)
end)

describe("a group", function()
  local log = {}

  setup(function() log[#log + 1] = "setup" end)
  before_each(function() log[#log + 1] = "before" end)
  teardown(function() log[#log + 1] = "teardown" end)

  describe("inside", function()
    setup(function() log[#log + 1] = "inner setup" end)
    teardown(function() log[#log + 1] = "inner teardown" end)
    it("is set up once", function() assert.same({ "setup", "inner setup", "before" }, log) end)
    it("and not again", function() assert.equal("before", log[4]) end)
  end)

  it("is torn down after its last scenario", function()
    assert.same({ "inner teardown", "before" }, { log[5], log[6] })
  end)
end)
