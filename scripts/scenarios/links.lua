-- SPDX-License-Identifier: MIT
-- Device links: who is probed after whom, and unbound before.

describe("a device link", function()
  local order
  local function add_driver(name)
    return driver{
      name = name,
      probe = function(d) order[#order + 1] = "+" .. d.name end,
      remove = function(d) order[#order + 1] = "-" .. d.name end,
    }
  end
  before_each(function()
    boot{}
    order = {}
    device("clk.0")
    device("uart.0")
  end)

  it("lets the consumer wait for its supplier", function()
    device_link_add("uart.0", "clk.0")
    add_driver("uart")
    assert.equal("platform: supplier clk.0 not ready", devices_deferred()[1].reason)
    assert.same({}, order)
    add_driver("clk")
    assert.same({ "+clk.0", "+uart.0" }, order)
    assert.equal("active", device_links()[1].state)
  end)

  it("unbinds the consumer first", function()
    device_link_add("uart.0", "clk.0")
    add_driver("uart")
    add_driver("clk")
    order = {}
    driver_unregister("clk")
    assert.same({ "-uart.0", "-clk.0" }, order)
    assert.equal("dormant", device_links()[1].state)
  end)

  it("unbinds chains from their far end, without recursion", function()
    local n = 5000
    add_driver("clk")
    add_driver("dev")
    device_link_add(device("dev.1"), "clk.0")
    for i = 2, n do device_link_add(device("dev." .. i), "dev." .. i - 1) end
    order = {}
    unbind("clk.0")
    assert.equal(n + 1, #order)
    assert.equal("-dev." .. n, order[1])
    assert.equal("-clk.0", order[n + 1])
  end)

  it("with AUTOPROBE_CONSUMER brings the consumer back", function()
    add_driver("clk")
    add_driver("uart")
    device_link_add("uart.0", "clk.0", "AUTOPROBE_CONSUMER")
    unbind("clk.0")
    order = {}
    device_attach("clk.0")
    assert.same({ "+clk.0", "+uart.0" }, order)
  end)

  it("goes with the consumer's or the supplier's driver when it should", function()
    add_driver("clk")
    add_driver("uart")
    for flags, victim in pairs{ AUTOREMOVE_CONSUMER = "uart.0", AUTOREMOVE_SUPPLIER = "clk.0" } do
      device_link_add("uart.0", "clk.0", _G["DL_FLAG_" .. flags])
      unbind(victim)
      assert.equal(0, #device_links())
      device_attach("clk.0")
      device_attach("uart.0")
    end
  end)

  it("goes with either device", function()
    device_link_add("uart.0", "clk.0")
    device_unregister("clk.0")
    assert.equal(0, #device_links())
  end)

  it("is refused where it makes no sense", function()
    device_link_add("uart.0", "clk.0")
    device("kid", { parent = "uart.0" })
    for _, bad in ipairs{
      { "clk.0", "clk.0", "0", "itself" }, { "clk.0", "uart.0", "0", "cycle" },
      { "uart.0", "kid", "0", "cycle" }, { "uart.0", "clk.0", "MANAGED", "flags" },
      { "uart.0", "clk.0", "STATELESS|AUTOREMOVE_CONSUMER", "STATELESS" },
      { "uart.0", "clk.0", "AUTOPROBE_CONSUMER|AUTOREMOVE_SUPPLIER", "AUTOREMOVE" },
      { "uart.0", "clk.0", "AUTOPROBE_CONSUMRE", "did you mean" },
    } do
      assert.has_error(function() device_link_add(bad[1], bad[2], bad[3]) end, bad[4])
    end
    device_link_add("kid", "uart.0") -- a parent may be a supplier
  end)

  it("is the driver core's own while it is managed", function()
    local link = device_link_add("uart.0", "clk.0")
    assert.warns(function() device_link_del(link) end, "managed device link")
    assert.equal(1, #device_links())
    device_link_add("uart.0", "clk.0", "STATELESS")
    device_link_remove("uart.0", "clk.0")
    assert.equal(1, #device_links())
  end)

  it("that would have to unbind who is in a probe says -EDEADLK", function()
    add_driver("clk")
    local got
    device_link_add("uart.0", "clk.0")
    driver{ name = "uart", probe = function() got = unbind("clk.0") end }
    assert.equal(-EDEADLK, got)
  end)
end)
