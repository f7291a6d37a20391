-- SPDX-License-Identifier: MIT
-- Where memory may start: kmalloc() promises natural alignment for powers of
-- two, devm_kmalloc() only what its header leaves over. Before 5.4 what stands
-- around an object broke the promise.

local releases = { "4.19", "6.1", "6.12" }
local arches = { "x86_64", "arm64" }

-- struct devres up to data[], by release and architecture (64-bit)
local header = {
  ["4.19 x86_64"] = 24, ["4.19 arm64"] = 24,
  ["6.1 x86_64"] = 40, ["6.1 arm64"] = 128,
  ["6.12 x86_64"] = 40, ["6.12 arm64"] = 128,
}

-- the smallest kmalloc object: ARCH_KMALLOC_MINALIGN before 6.5, else 8
local smallest = {
  ["4.19 x86_64"] = 8, ["4.19 arm64"] = 128,
  ["6.1 x86_64"] = 8, ["6.1 arm64"] = 128,
  ["6.12 x86_64"] = 8, ["6.12 arm64"] = 8,
}

local function bucket(size, min)
  if size > 8192 then
    local pages = PAGE_SIZE
    while pages < size do pages = pages * 2 end
    return pages
  end
  if min <= 32 and size > 64 and size <= 96 then return 96 end
  if min <= 64 and size > 128 and size <= 192 then return 192 end
  local b = min
  while b < size do b = b * 2 end
  return b
end

local function power_of_two(n) return n & (n - 1) == 0 end
local function lowest_bit(n) return n & -n end

-- every size up to 8192, and both sides of each larger bucket
local function each_size(most, body)
  for size = 1, math.min(most, 8192) do body(size) end
  local size = 16384
  while size <= most do
    for _, s in ipairs{ size - 1, size, size + 1 } do
      if s <= most then body(s) end
    end
    size = size * 2
  end
end

for _, release in ipairs(releases) do
  for _, arch in ipairs(arches) do
    local profile = release .. " " .. arch
    local min, head = smallest[profile], header[profile]

    describe("alignment on " .. profile, function()
      local debug = release == "4.19" and "-" or nil
      before_each(function() boot{ release = release, arch = arch, slub_debug = debug, kasan = debug and "off" } end)

      it("kmalloc of every size takes the right bucket, powers of two aligned to it", function()
        each_size(KMALLOC_MAX_SIZE, function(size)
          local p = assert(kmalloc(size))
          local b = bucket(size, min)
          assert.equal(b, ksize(p))
          assert.aligned(p, 8)
          if power_of_two(b) then assert.aligned(p, math.min(b, PAGE_SIZE)) end
          kfree(p)
        end)
      end)

      it("devm_kmalloc of every size starts behind the header of its object", function()
        local dev = device("eth0")
        each_size(KMALLOC_MAX_SIZE - head, function(size)
          local p = assert(devm_kmalloc(dev, size, GFP_KERNEL))
          local object = p - head
          local b = bucket(head + size, min)
          assert.equal(b, ksize(object))
          assert.equal(b - head, p:usable())
          assert.aligned(p, 8)
          assert.aligned(p, math.min(lowest_bit(head), lowest_bit(b), PAGE_SIZE))
          if power_of_two(b) then assert.aligned(object, math.min(b, PAGE_SIZE)) end
          devm_kfree(dev, p)
        end)
      end)

      it("devm_kmalloc is not naturally aligned where kmalloc is", function()
        local dev = device("eth0")
        for _, size in ipairs{ 256, 512, 1024, 2048, 4096 } do
          local q, p = kmalloc(size), devm_kmalloc(dev, size)
          assert.equal(0, q.addr % size)
          assert.is_not.equal(0, p.addr % size)
          kfree(q)
        end
      end)

      it("size 0 is ZERO_SIZE_PTR, or a pointer to nothing before 5.10", function()
        local dev = device("eth0")
        local p = devm_kmalloc(dev, 0)
        assert.equal(ZERO_SIZE_PTR, kmalloc(0))
        if release == "4.19" then
          assert.is_not.equal(ZERO_SIZE_PTR, p)
          assert.equal(1, #devres(dev))
        else
          assert.equal(ZERO_SIZE_PTR, p)
          assert.equal(0, #devres(dev))
        end
      end)

      it("objects of a slab stand side by side, each at a multiple of its size", function()
        boot{ release = release, arch = arch, slub_debug = "-" }
        for size = min, 256, 8 do
          local b, seen = bucket(size, min), {}
          local all = {}
          for i = 1, 40 do
            local p = kmalloc(size)
            assert.equal(0, (p.addr % PAGE_SIZE) % lowest_bit(b))
            assert.is_nil(seen[p.addr])
            seen[p.addr], all[i] = true, p
          end
          for i = 2, #all do
            assert.truthy(math.abs(all[i] - all[i - 1]) >= b)
          end
          for _, p in ipairs(all) do kfree(p) end
        end
      end)
    end)
  end
end

describe("the largest devm_kmalloc of each bucket on 6.1", function()
  -- measured on a real Linux 6.1, x86_64
  local largest = {
    { 24, 64 }, { 56, 96 }, { 88, 128 }, { 152, 192 }, { 216, 256 }, { 472, 512 },
    { 984, 1024 }, { 2008, 2048 }, { 4056, 4096 }, { 8152, 8192 }, { 16344, 16384 },
  }

  it("fits exactly, and one byte more takes the next bucket", function()
    boot{ release = "6.1" }
    local dev = device("eth0")
    for _, row in ipairs(largest) do
      local fits, more = devm_kmalloc(dev, row[1]), devm_kmalloc(dev, row[1] + 1)
      assert.equal(row[1], fits:usable())
      assert.truthy(more:usable() > row[1])
      assert.equal(row[2], ksize(fits - 40))
    end
  end)
end)
