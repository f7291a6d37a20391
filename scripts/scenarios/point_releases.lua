-- SPDX-License-Identifier: MIT
-- A release is a point release: 5.10 has had three repairs since 5.10.223.

local repaired = { ["5.10.223"] = false, ["5.10.262"] = true, ["5.10"] = true, ["6.1.192"] = true,
                   ["6.12.117"] = true }

for release, so in pairs(repaired) do
  describe("On " .. release, function()
    local dev
    before_each(function()
      boot{ release = release, kasan = "off", slub_debug = "-" }
      dev = device("eth0")
    end)

    it("devm_krealloc() counts the header " .. (so and "once" or "twice"), function()
      local p = devm_kmalloc(dev, 24)
      -- with one header just a kmalloc-128
      local q = devm_krealloc(dev, p, 128 - devres(dev)[1].header)
      assert.equal(so and "kmalloc-128" or "kmalloc-192", q:cache())
    end)

    it("device_del() " .. (so and "releases" or "leaves") .. " managed resources", function()
      local gone
      define("act", function() gone = true end)
      local d = device("eth1")
      devm_add_action(d, "act")
      get_device(d)
      device_unregister(d)
      assert.equal(so, gone == true)
      put_device(d)
      assert.equal(true, gone)
    end)

    it("devm_free_percpu() " .. (so and "frees" or "leaks"), function()
      local p = devm_alloc_percpu(dev, 64)
      devm_free_percpu(dev, p)
      if so then assert.freed(p) else assert.allocated(p) end
    end)
  end)
end

it("says which point release it is, in machine and in its log", function()
  boot{ release = "6.1" }
  assert.equal("6.1.192: ", machine()[1].value:match("^[%d.]+: "))
  assert.equal("Linux version 6.1.192-amd64 (x86_64) devsh", dmesg()[1].text)
  boot{ release = "5.10.223", arch = "arm" }
  assert.equal("Linux version 5.10.223-armmp (arm) devsh", dmesg()[1].text)
end)
