-- SPDX-License-Identifier: MIT
describe("devm", function()
  before_each(function() device("eth0") end)

  it("gives zeroed memory", function()
    local p = devm_kzalloc("eth0", 64)
    assert.zeroed(p)
    assert.equal(1, #devres("eth0"))
  end)

  it("releases in reverse order", function()
    driver{ name = "demo", probe = function(dev)
      for _, name in ipairs{ "a", "b", "c" } do devm_add_action(dev, name) end
    end }
    local dev = device("demo.0")
    assert.same({ 1, { x = 2 } }, { 1, { x = 2 } })
    unbind(dev)
    assert.equal(0, #devres(dev))
  end)

  it("complains", function()
    assert.warns(function() devm_kfree("eth0", 0x1234) end)
  end)
end)
