-- SPDX-License-Identifier: MIT
-- Groups of resources: which nodes a group takes along, and in which order.

-- A list is written as "a <A b >A": nodes in lower case, groups in upper case;
-- "<A" opens group A, ">A" closes it.

local ids = { A = 0xA0, B = 0xB0 }

-- The names by address, and the addresses by name.
local function build(dev, list)
  local names, pointers = {}, {}
  for word in list:gmatch("%S+") do
    local mark, name = word:match("^([<>]?)(%a)$")
    if mark == "<" then
      devres_open_group(dev, ids[name])
      pointers[name] = devres(dev)[1].addr
    elseif mark == ">" then
      devres_close_group(dev, ids[name])
    else
      pointers[name] = devm_kmalloc(dev, 16)
    end
  end
  for name, p in pairs(pointers) do names[tostring(p)] = name end
  return names, pointers
end

-- The list as it is now, oldest first.
local function written(dev, names)
  local rows, words = devres(dev), {}
  for i = #rows, 1, -1 do
    local row = rows[i]
    local marker = row.group and row.release:match("^grp([<>])$")
    local name
    if marker then
      for n, id in pairs(ids) do
        if string.format("%016x", id) == tostring(row.group) then name = n end
      end
    else
      name = names[tostring(row.addr)]
    end
    words[#words + 1] = (marker or "") .. name
  end
  return table.concat(words, " ")
end

-- list, call, its result, what is released in this order, what is left
local examples = {
  { "a <A b c >A d", "A", 2, "A c b", "a d" },
  { "a <A b <B c >B d >A e", "A", 3, "A B d c b", "a e" },
  { "a <A b <B c >B d >A e", "B", 1, "B c", "a <A b d >A e" },
  { "a <A b <B c >A d >B e", "A", 2, "A c b", "a <B d >B e" },
  { "a <A b <B c >A d >B e", "B", 2, "B d c", "a <A b >A e" },
  { "a <A b <B c", "A", 2, "B A c b", "a" },
  { "a <A b <B c", "NULL", 1, "B c", "a <A b" },
  { "a <A b <B c >A d", "A", 2, "A B c b", "a d" },
  { "a <A b <B c >A d", "B", 2, "B d c", "a <A b >A" },
  { "<A >A", "A", 0, "A", "" },
  { "a <A b >A c", "all", 3, "A c b a", "" },
  { "a <A b <B c >A d >B e", "all", 5, "B A e d c b a", "" },
}

for _, release in ipairs{ "4.9", "4.19", "5.10", "6.1", "6.12", "7.2" } do
  describe("groups on " .. release, function()
    local dev
    before_each(function()
      boot{ release = release }
      dev = device("eth0")
    end)

    for i, e in ipairs(examples) do
      local list, call, result, order, left = table.unpack(e)
      it(("%d: %s, release %s"):format(i, list, call), function()
        local names, pointers = build(dev, list)
        assert.equal(list, written(dev, names))
        assert.released_in_order{} -- forgets
        local got
        if call == "all" then
          got = devres_release_all(dev)
        else
          got = devres_release_group(dev, ids[call] or nil)
        end
        assert.equal(result, got)
        local want = {}
        for name in order:gmatch("%S") do want[#want + 1] = pointers[name] end
        assert.released_in_order(want)
        assert.equal(left, written(dev, names))
      end)
    end

    it("a group without an id is known by its own address", function()
      local g = devres_open_group(dev)
      local p = devm_kmalloc(dev, 16)
      devres_close_group(dev, g)
      assert.equal(1, devres_release_group(dev, g))
      assert.freed(p)
    end)

    it("the newest group of an id is meant", function()
      local a, b
      devres_open_group(dev, 7); a = devm_kmalloc(dev, 16); devres_close_group(dev, 7)
      devres_open_group(dev, 7); b = devm_kmalloc(dev, 16); devres_close_group(dev, 7)
      assert.equal(1, devres_release_group(dev, 7))
      assert.freed(b)
      assert.allocated(a)
      assert.equal(1, devres_release_group(dev, 7))
      assert.freed(a)
    end)

    it("a group that was removed leaves its members", function()
      local g = devres_open_group(dev)
      local p = devm_kmalloc(dev, 16)
      devres_close_group(dev, g)
      devres_remove_group(dev, g)
      assert.allocated(p)
      assert.equal(1, #devres(dev))
      assert.warns(function() devres_remove_group(dev, g) end, "devres_remove_group")
    end)

    it("closing a closed group is a BUG", function()
      local g = devres_open_group(dev)
      devres_close_group(dev, g)
      assert.warns(function() pcall(devres_close_group, dev, g) end, "kernel BUG")
      assert.equal(2, #devres(dev))
    end)

    it("what nobody opened cannot be closed, removed or released", function()
      devm_kmalloc(dev, 16)
      for _, call in ipairs{ devres_close_group, devres_remove_group, devres_release_group } do
        assert.warns(function() call(dev) end, "WARNING")
        assert.warns(function() call(dev, 0x77) end, "WARNING")
      end
      assert.equal(0, #objects() - 1)
    end)

    it("unbind takes open groups along", function()
      local a, b
      local demo = driver{ name = "demo", probe = function(d)
        a = devm_kmalloc(d, 16)
        devres_open_group(d)
        b = devm_kmalloc(d, 16)
      end }
      assert.no_leak(function()
        assert.equal(0, bind(dev, demo))
        assert.equal(0, unbind(dev))
      end)
      assert.freed(a)
      assert.freed(b)
    end)
  end)
end

describe("release_group on an empty list", function()
  for release, silent in pairs{ ["4.19"] = false, ["5.10"] = false, ["6.1"] = true, ["6.12"] = true } do
    it((silent and "is silent on " or "WARNs on ") .. release, function()
      boot{ release = release }
      local dev = device("eth0")
      local function body() assert.equal(0, devres_release_group(dev, 7)) end
      if silent then body() else assert.warns(body, "devres_release_group") end
    end)
  end
end)
