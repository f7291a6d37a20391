-- SPDX-License-Identifier: MIT
-- The whole family of managed calls: krealloc, copies, pages, per-CPU memory,
-- actions; and which release has which of them.

local releases = { "4.9", "4.19", "5.10", "6.1", "6.12", "7.2" }
local function number(release)
  local major, minor = release:match("(%d+)%.(%d+)")
  return major * 1000 + minor
end

describe("a call that a release does not have", function()
  -- since, until
  local calls = {
    devm_krealloc = { 5010 }, devm_krealloc_array = { 6005 }, devm_kstrdup_const = { 4020 },
    devm_kmemdup_const = { 7002 }, devm_kmemdup_array = { 6012 },
    devm_release_action = { 5003 }, devm_remove_action_nowarn = { 7002 },
    devm_is_action_added = { 6016 }, devm_free_percpu = { 4010, 6012 },
    devres_for_each_res = { 0, 6012 },
  }
  local arguments = {
    devm_krealloc = { nil, 8 }, devm_krealloc_array = { nil, 1, 8 }, devm_kstrdup_const = { "x" },
    devm_kmemdup_const = { nil, 0 }, devm_kmemdup_array = { nil, 0, 0 },
    devm_release_action = { "act" }, devm_remove_action_nowarn = { "act" },
    devm_is_action_added = { "act" }, devm_free_percpu = { nil },
    devres_for_each_res = { "act", { fn = function() end } },
  }
  for _, release in ipairs(releases) do
    it("says since when it exists, on " .. release, function()
      boot{ release = release }
      local dev = device("eth0")
      for name, range in pairs(calls) do
        local args = arguments[name]
        local n = name == "devm_krealloc_array" and 3 or name == "devm_kmemdup_array" and 3 or 2
        local function call()
          local ok, why = pcall(_G[name], dev, table.unpack(args, 1, math.max(#args, n - 1)))
          return ok, why
        end
        local there = number(release) >= range[1] and (not range[2] or number(release) <= range[2])
        if there then
          -- a WARN about what is not there is Linux' answer, too
          local ok, why
          if name:match("release_action") or name:match("free_percpu") then
            assert.warns(function() ok, why = call() end)
          else
            ok, why = call()
          end
          assert.is_true(ok, name .. ": " .. tostring(why))
        else
          local ok, why = call()
          assert.is_false(ok, name)
          assert.is_truthy(why:find("this machine runs " .. release, 1, true), why)
        end
      end
    end)
  end
end)

for _, release in ipairs{ "5.10", "6.1", "6.12", "7.2" } do
  describe("devm_krealloc on " .. release, function()
    local dev
    before_each(function()
      boot{ release = release }
      dev = device("eth0")
    end)

    it("stays where it is inside of its bucket, without zeroing", function()
      local p = devm_kmalloc(dev, 16)
      p:fill(0x11, 16)
      local room = p:usable()
      local q = devm_krealloc(dev, p, room, GFP_KERNEL | __GFP_ZERO)
      assert.equal(p, q)
      assert.filled(q, 0x11, 16)
      assert.equal(1, #devres(dev))
    end)

    it("keeps bytes and the place in the order of release when it grows", function()
      local a, b, c = devm_kmalloc(dev, 16), devm_kmalloc(dev, 16), devm_kmalloc(dev, 16)
      b:fill(0x22, 16)
      local big = devm_krealloc(dev, b, 1000)
      assert.not_equal(b, big)
      assert.filled(big, 0x22, 16)
      assert.freed(b)
      assert.same({ tostring(c), tostring(big), tostring(a) },
                  { tostring(devres(dev)[1].addr), tostring(devres(dev)[2].addr),
                    tostring(devres(dev)[3].addr) })
      devres_release_all(dev)
      assert.released_in_order{ c, big, a }
    end)

    it("does not ask whose it is while it fits, and refuses when it must grow", function()
      local other = device("eth1")
      local p = devm_kmalloc(other, 16)
      assert.equal(p, devm_krealloc(dev, p, 8))
      assert.warns(function() assert.is_nil(devm_krealloc(dev, p, 4000)) end,
                   "Memory chunk not managed or managed by a different device.")
      assert.allocated(p)
      assert.equal(0, #devres(dev))
    end)

    it("of size 0 frees", function()
      local p = devm_kmalloc(dev, 16)
      assert.equal(ZERO_SIZE_PTR, devm_krealloc(dev, p, 0))
      assert.freed(p)
      local q = device("eth1") and devm_kmalloc("eth1", 16)
      assert.warns(function() assert.equal(ZERO_SIZE_PTR, devm_krealloc(dev, q, 0)) end, "devm_kfree")
      assert.allocated(q)
    end)

    it("of NULL allocates", function()
      local p = devm_krealloc(dev, nil, 100)
      assert.equal(1, #devres(dev))
      assert.equal(100, p:size())
      local q = devm_krealloc(dev, ZERO_SIZE_PTR, 100)
      assert.equal(2, #devres(dev))
      assert.not_equal(p, q)
    end)

    it("of a constant, and of no allocation, WARNs", function()
      local text = rodata("eth0-rx")
      assert.warns(function() assert.is_nil(devm_krealloc(dev, text, 100)) end, "devm_krealloc")
      assert.warns(function() assert.is_nil(devm_krealloc(dev, 0x1234567, 100)) end,
                   "Pointer doesn't point to dynamically allocated memory.")
    end)

    it("gives NULL when size and header overflow, and p stays", function()
      local p = devm_kmalloc(dev, 16)
      assert.is_nil(devm_krealloc(dev, p, SIZE_MAX))
      assert.allocated(p)
    end)
  end)
end

for _, release in ipairs(releases) do
  describe("copies on " .. release, function()
    local dev
    before_each(function()
      boot{ release = release }
      dev = device("eth0")
    end)

    it("are formatted as printf does", function()
      local p = devm_kasprintf(dev, GFP_KERNEL, "%s-%d:%04x%c%%", "rx", -3, 255, "!")
      assert.equal("rx--3:00ff!%\0", p:read(0, 13))
      assert.equal(13, p:size())
      p = devm_kvasprintf(dev, GFP_KERNEL, "%s/%u", { "tx", 7 })
      assert.equal("tx/7\0", p:read(0, 5))
      assert.has_error(function() devm_kasprintf(dev, GFP_KERNEL, "%s") end, "more conversions")
      assert.has_error(function() devm_kasprintf(dev, GFP_KERNEL, "%y", 1) end, "fmt")
      assert.equal(2, #devres(dev))
    end)

    it("of NULL are NULL", function()
      assert.is_nil(devm_kstrdup(dev, nil))
      assert.equal(0, #devres(dev))
    end)

    if number(release) >= 4020 then
      it("of a constant are the constant", function()
        local name = rodata("eth0-rx")
        assert.equal(name, devm_kstrdup_const(dev, name))
        assert.equal(0, #devres(dev))
        local p = devm_kstrdup_const(dev, "eth0-rx") -- a module's string
        assert.not_equal(name, p)
        assert.equal(1, #devres(dev))
        devm_kfree(dev, name)
        assert.equal(1, #devres(dev))
      end)
    end
  end)

  describe("pages on " .. release, function()
    local dev
    before_each(function()
      boot{ release = release }
      dev = device("eth0")
    end)

    it("go back at unbind and by hand", function()
      local a, b
      assert.no_leak(function()
        local demo = driver{ name = "demo", probe = function(d)
          a = devm_get_free_pages(d, GFP_KERNEL | __GFP_ZERO, 2)
          b = devm_get_free_pages(d)
        end }
        assert.equal(0, bind(dev, demo))
        assert.zeroed(a, 4 * PAGE_SIZE)
        assert.aligned(a, 4 * PAGE_SIZE)
        devm_free_pages(dev, a)
        assert.freed(a)
        assert.equal(0, unbind(dev))
      end)
      assert.freed(b)
    end)

    it("that are not the device's WARN", function()
      local p = devm_get_free_pages(dev)
      local other = device("eth1")
      assert.warns(function() devm_free_pages(other, p) end, "devm_free_pages")
      assert.warns(function() devm_free_pages(dev, p + 8) end, "devm_free_pages")
      assert.allocated(p)
    end)

    it("of an order that does not exist are NULL", function()
      assert.warns(function() assert.is_nil(devm_get_free_pages(dev, GFP_KERNEL, 11)) end)
      assert.equal(0, #devres(dev))
    end)

    if number(release) >= 4010 then it("for each CPU are zeroed and go back", function()
      assert.no_leak(function()
        local p = __devm_alloc_percpu(dev, 48, 64)
        assert.zeroed(p, 48)
        assert.aligned(p, 64)
        devres_release_all(dev)
      end)
    end) end

    if number(release) >= 4010 and number(release) <= 6012 then
      it(number(release) < 5010 and "for each CPU leak when they are freed by hand"
         or "for each CPU can be freed by hand", function()
        local function body() devm_free_percpu(dev, devm_alloc_percpu(dev, 48)) end
        if number(release) < 5010 then assert.leaks(body) else assert.no_leak(body) end
        assert.equal(0, #devres(dev))
      end)
    end
  end)

  describe("actions on " .. release, function()
    local dev
    before_each(function()
      boot{ release = release }
      dev = device("eth0")
    end)

    it("are told apart by function and data", function()
      local ran = {}
      local function a(data) ran[#ran + 1] = "a" .. tostring(data) end
      local function b(data) ran[#ran + 1] = "b" .. tostring(data) end
      devm_add_action(dev, a, 0x20)
      devm_add_action(dev, a, 0x30)
      devm_add_action(dev, b, 0x20)
      devm_remove_action(dev, a, 0x20)
      assert.warns(function() devm_remove_action(dev, a, 0x20) end,
                   release == "7.2" and "devres.h:160 at" or "devm_remove_action")
      devres_release_all(dev)
      assert.equal(2, #ran)
      assert.is_truthy(ran[1]:match("^b"))
      assert.is_truthy(ran[2]:match("^a.*30$"))
    end)

    it("may be there twice: the newest goes first", function()
      local n = 0
      local function act() n = n + 1 end
      devm_add_action(dev, act)
      devm_add_action(dev, act)
      devm_remove_action(dev, act)
      devres_release_all(dev)
      assert.equal(1, n)
    end)

    it("have the name that this release gives them", function()
      devm_add_action(dev, "disable_clk", 0)
      assert.equal(number(release) >= 6012 and "disable_clk" or "devm_action_release",
                   devres(dev)[1].release)
    end)

    if number(release) >= 7002 then
      it("are structs of their own", function()
        devm_add_action(dev, "disable_clk", 0)
        local row = devres(dev)[1]
        assert.equal(48, row.header)
        assert.equal(16, row.size)
        assert.equal("kmalloc-64", row.cache)
        assert.is_true(devm_is_action_added(dev, "disable_clk", 0))
        assert.is_false(devm_is_action_added(dev, "disable_clk", 8))
        assert.equal(0, devm_remove_action_nowarn(dev, "disable_clk", 0))
        assert.equal(-ENOENT, devm_remove_action_nowarn(dev, "disable_clk", 0))
      end)
    end
  end)

  describe("the raw interface on " .. release, function()
    local dev
    before_each(function()
      boot{ release = release }
      dev = device("eth0")
    end)

    it("devres_get finds or adds", function()
      local r = devres_alloc("put_clk", 16)
      assert.equal(r, devres_get(dev, r))
      local s = devres_alloc("put_clk", 16)
      assert.equal(r, devres_get(dev, s))
      assert.freed(s)
      local other = devres_alloc("put_gpio", 16)
      assert.equal(other, devres_get(dev, other))
      assert.equal(2, #devres(dev))
    end)

    if number(release) <= 6012 then
      it("devres_for_each_res goes newest first", function()
        local all, seen = {}, {}
        for i = 1, 3 do
          all[i] = devres_alloc("put_clk", 8)
          devres_add(dev, all[i])
          devm_kmalloc(dev, 8)
        end
        devres_for_each_res(dev, "put_clk", { fn = function(_, res) seen[#seen + 1] = tostring(res) end })
        assert.same({ tostring(all[3]), tostring(all[2]), tostring(all[1]) }, seen)
      end)
    end

    it("adding twice and freeing what is on a list are BUGs", function()
      local r = devres_alloc("put_clk", 16)
      devres_add(dev, r)
      assert.warns(function() pcall(devres_add, dev, r) end, "kernel BUG")
      assert.warns(function() pcall(devres_free, r) end, "kernel BUG")
      assert.equal(1, #devres(dev))
      assert.allocated(r)
    end)

    it("a resource of no bytes is one", function()
      local r = devres_alloc("put_clk", 0)
      assert.not_equal(ZERO_SIZE_PTR, r)
      devres_add(dev, r)
      assert.equal(0, devres_destroy(dev, "put_clk"))
      assert.equal(-ENOENT, devres_destroy(dev, "put_clk"))
    end)
  end)
end

-- What stands in front of the data, by release and architecture.
describe("the header", function()
  local bytes = {
    ["4.19"] = { x86_64 = 24, arm64 = 24, riscv64 = 24, arm = 16 },
    ["5.10"] = { x86_64 = 24, arm64 = 128, riscv64 = 24, arm = 64 },
    ["6.1"] = { x86_64 = 40, arm64 = 128, riscv64 = 64, arm = 64 },
    ["6.12"] = { x86_64 = 40, arm64 = 128, riscv64 = 64, arm = 64 },
    ["7.2"] = { x86_64 = 56, arm64 = 128, riscv64 = 64, arm = 64 },
  }
  for release, by_arch in pairs(bytes) do
    for arch, header in pairs(by_arch) do
      it(("is %d bytes on %s, %s"):format(header, release, arch), function()
        boot{ release = release, arch = arch }
        local dev = device("eth0")
        local p = devm_kzalloc(dev, 100)
        assert.equal(header, devres(dev)[1].header)
        assert.zeroed(p)
        assert.aligned(p, 8)
        devm_kfree(dev, p)
        assert.freed(p)
        local group = devres_open_group(dev)
        devm_kmalloc(dev, 8)
        assert.equal(1, devres_release_group(dev, group))
        assert.equal(0, #devres(dev))
      end)
    end
  end
end)
