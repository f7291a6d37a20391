-- SPDX-License-Identifier: MIT
-- "sleeping function called from invalid context": drivers that allocate where
-- nobody may sleep, and what they should do. The report does not stop anything:
-- on a machine with memory enough all of them seem to work.

local splat = "BUG: sleeping function called from invalid context at "

local function load_driver(probe)
  local dev = device("eth0")
  bind(dev, driver{ name = "demo", probe = probe })
  unbind(dev)
end

for _, release in ipairs{ "4.19", "6.1", "6.12", "7.2" } do
  describe("on " .. release, function()
    before_each(function() boot{ release = release } end)

    it("broken: the interrupt handler allocates with GFP_KERNEL", function()
      assert.warns(function()
        load_driver(function(dev)
          local function irq_handler() devm_kzalloc(dev, 64, GFP_KERNEL) end
          local_irq_save(irq_handler)
        end)
      end, "in_atomic(): 0, irqs_disabled(): 1")
    end)

    it("repaired: with GFP_ATOMIC, and ready for NULL", function()
      load_driver(function(dev)
        local dropped = 0
        local function irq_handler()
          if not devm_kzalloc(dev, 64, GFP_ATOMIC) then dropped = dropped + 1 end
        end
        local_irq_save(irq_handler)
        if dropped > 0 then return -ENOMEM end
      end)
    end)

    it("broken: the entry of a list is allocated under the list's lock", function()
      assert.warns(function()
        load_driver(function(dev)
          local list = {}
          in_atomic(function() list[1] = devm_kzalloc(dev, 64) end)
        end)
      end, "in_atomic(): 1, irqs_disabled(): 0")
    end)

    it("repaired: allocate first, then lock", function()
      load_driver(function(dev)
        local list, entry = {}, devm_kzalloc(dev, 64)
        if not entry then return -ENOMEM end
        in_atomic(function() list[1] = entry end)
      end)
    end)

    -- GFP_ATOMIC was given, but the helper asks for its own memory as it likes.
    it("broken: devm_add_action() under spin_lock_irqsave()", function()
      assert.warns(function()
        load_driver(function(dev)
          spin_lock_irqsave(function() devm_add_action(dev, "turn_off", 0) end)
        end)
      end, splat)
    end)

    it("repaired: behind the lock", function()
      load_driver(function(dev)
        spin_lock_irqsave(function() end) -- writes the registers
        return devm_add_action(dev, "turn_off", 0)
      end)
    end)
  end)
end
