-- SPDX-License-Identifier: MIT
-- Pages: how large a block may be, what larger pages change, and drivers that
-- ask for too much in one piece.

-- What /proc/buddyinfo says: zones in order, each with its blocks by order.
local function buddyinfo()
  local zones = {}
  for line in cat("/proc/buddyinfo"):gmatch("[^\n]+") do
    local node, name, rest = line:match("^Node (%d+), zone +(%S+) (.*)$")
    local zone = { node = tonumber(node), name = name, pages = 0 }
    for n in rest:gmatch("%d+") do
      zone[#zone + 1] = tonumber(n)
      zone.pages = zone.pages + tonumber(n) * 2 ^ (#zone - 1)
    end
    zones[#zones + 1] = zone
  end
  return zones
end

local function free_pages()
  local sum = 0
  for _, zone in ipairs(buddyinfo()) do sum = sum + zone.pages end
  return math.tointeger(sum)
end

local machines = {
  { arch = "x86_64", page = 4096, orders = 11, class = "kmalloc-8k" },
  { arch = "arm64", page_size = "4k", page = 4096, orders = 11, class = "kmalloc-8k" },
  { arch = "arm64", page_size = "16k", page = 16384, orders = 12, class = "kmalloc-32k" },
  { arch = "arm64", page_size = "64k", page = 65536, orders = 14, class = "kmalloc-128k" },
}

local function boot_on(m, more)
  local params = { arch = m.arch, page_size = m.page_size, kasan_multi_shot = "on" }
  for k, v in pairs(more or {}) do params[k] = v end
  boot(params)
end

-- the cache, or "pages", that an object is from
local function cache_of(p)
  for _, o in ipairs(objects()) do
    if o.addr == p then return o.cache end
  end
end

for _, m in ipairs(machines) do
  describe(m.arch .. " with pages of " .. m.page // 1024 .. " KiB", function()
    before_each(function() boot_on(m) end)

    it("PAGE_SIZE and KMALLOC_MAX_SIZE are the machine's", function()
      assert.equal(m.page, PAGE_SIZE)
      assert.equal(m.page << (m.orders - 1), KMALLOC_MAX_SIZE)
      assert.equal(m.orders - 1, MAX_PAGE_ORDER)
    end)

    it("buddyinfo has a column for each order", function()
      for _, zone in ipairs(buddyinfo()) do assert.equal(m.orders, #zone) end
    end)

    it("a block is split when it is taken, and whole again when it is freed", function()
      local dev = device("eth0")
      -- the node's slab is there from now on
      devm_free_pages(dev, devm_get_free_pages(dev))
      local before, free = cat("/proc/buddyinfo"), free_pages()
      local p = devm_get_free_pages(dev, GFP_KERNEL, 3)
      assert.aligned(p, 8 * PAGE_SIZE)
      assert.equal(8, free - free_pages())
      devm_free_pages(dev, p)
      assert.equal(before, cat("/proc/buddyinfo"))
    end)

    it("two pages are the largest object of a cache", function()
      assert.equal(m.class, cache_of(kmalloc(2 * PAGE_SIZE)))
      local p = kmalloc(2 * PAGE_SIZE + 1)
      assert.equal("pages", cache_of(p))
      assert.equal(4 * PAGE_SIZE, ksize(p))
    end)

    it("two pages with a header are four", function()
      local dev = device("eth0")
      local header = m.arch == "arm64" and 128 or 40
      assert.equal(2 * PAGE_SIZE, ksize(devm_kmalloc(dev, 2 * PAGE_SIZE - header) - header))
      assert.equal(4 * PAGE_SIZE, ksize(devm_kmalloc(dev, 2 * PAGE_SIZE) - header))
    end)

    it("an address below PAGE_SIZE is NULL and something", function()
      assert.warns(function() pcall(memset, PAGE_SIZE - 8, 0, 1) end, "null-ptr-deref")
      assert.warns(function() pcall(memset, PAGE_SIZE, 0, 1) end, "user-memory-access")
    end)
  end)
end

describe("a page size that there is not", function()
  it("is an error of boot, and the machine goes on", function()
    assert.has_error(function() boot{ page_size = "64k" } end, "x86_64 has pages of 4k only")
    assert.has_error(function() boot{ arch = "arm64", page_size = "8k" } end, "4k, 16k or 64k")
    assert.equal(4096, PAGE_SIZE)
  end)
end)

-- the name of the limit, and whether it is the first order that is too large
local limit = { ["4.9"] = "MAX_ORDER", ["4.19"] = "MAX_ORDER", ["5.10"] = "MAX_ORDER",
                ["6.1"] = "MAX_ORDER", ["6.12"] = "MAX_PAGE_ORDER", ["7.2"] = "MAX_PAGE_ORDER" }
local warns_in = { ["4.9"] = "__alloc_pages_slowpath", ["4.19"] = "__alloc_pages_nodemask",
                   ["5.10"] = "__alloc_pages_nodemask", ["6.1"] = "__alloc_pages",
                   ["6.12"] = "__alloc_pages_noprof", ["7.2"] = "__alloc_frozen_pages_noprof" }

for _, release in ipairs{ "4.9", "4.19", "5.10", "6.1", "6.12", "7.2" } do
  describe("the limit on " .. release, function()
    before_each(function() boot{ release = release } end)

    it("is called " .. limit[release], function()
      assert.equal(limit[release] == "MAX_ORDER" and 11 or 10, _ENV[limit[release]])
      assert.is_nil(_ENV[limit[release] == "MAX_ORDER" and "MAX_PAGE_ORDER" or "MAX_ORDER"])
    end)

    it("warns once per boot, and not at all with __GFP_NOWARN", function()
      local dev = device("eth0")
      assert.is_nil(devm_get_free_pages(dev, GFP_KERNEL | __GFP_NOWARN, 11))
      assert.warns(function()
        assert.is_nil(devm_get_free_pages(dev, GFP_KERNEL, 11))
      end, warns_in[release] .. "+")
      assert.is_nil(devm_get_free_pages(dev, GFP_KERNEL, 12))
      assert.equal(0, #devres(dev))
    end)
  end)
end

describe("a ring of 8 MiB", function()
  local MIB = 1 << 20

  -- probe() and what is left when it has failed or the driver is unbound
  local function try(probe)
    local dev = device("eth0")
    local drv = driver{ name = "ring", probe = probe }
    local rc = bind(dev, drv)
    if rc == 0 then unbind(dev) end
    assert.equal(0, #objects())
    return rc
  end

  it("broken: in one block there is none, and nobody looked", function()
    assert.warns(function()
      try(function(d)
        local ring = devm_kmalloc(d, 8 * MIB)
        memset(ring, 0, 64)
      end)
    end, "null-ptr-deref")
  end)

  it("half repaired: probe fails with -ENOMEM and a WARN, and devres has nothing to undo", function()
    assert.warns(function()
      try(function(d)
        if not devm_kmalloc(d, 8 * MIB) then return -ENOMEM end
      end)
    end, "__alloc_pages")
  end)

  it("repaired: pieces of the size that the device can chain", function()
    assert.equal(0, try(function(d)
      for _ = 1, 128 do
        local piece = devm_get_free_pages(d, GFP_KERNEL, 4)
        if not piece then return -ENOMEM end
        memset(piece, 0, 64)
      end
    end))
  end)

  it("with pages of 64 KiB one block has room for it", function()
    boot{ arch = "arm64", page_size = "64k" }
    assert.equal(0, try(function(d)
      if not devm_kmalloc(d, 8 * MIB) then return -ENOMEM end
    end))
  end)
end)

describe("a page for one descriptor", function()
  -- 64 queues, a page for each: what a driver that was written for 4 KiB takes
  local function queues(alloc)
    local dev = device("eth0")
    local before = free_pages()
    for _ = 1, 64 do assert(alloc(dev)) end
    return (before - free_pages()) * PAGE_SIZE // 1024
  end

  it("wasteful: 64 pages are 256 KiB here and 4 MiB there", function()
    local function alloc(d) return devm_get_free_pages(d) end
    boot{ arch = "arm64", slub_debug = "-" }
    assert.truthy(queues(alloc) < 300)
    boot{ arch = "arm64", page_size = "64k", slub_debug = "-" }
    assert.truthy(queues(alloc) >= 4096)
  end)

  it("repaired: devm_kmalloc of what is needed costs the same on both", function()
    local function alloc(d) return devm_kmalloc(d, 3000) end
    for _, size in ipairs{ "4k", "64k" } do
      boot{ arch = "arm64", page_size = size, slub_debug = "-" }
      assert.truthy(queues(alloc) <= 512)
    end
  end)
end)
