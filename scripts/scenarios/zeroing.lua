-- SPDX-License-Identifier: MIT
-- Which calls clear memory, seen on memory that was dirty before.

local sizes = { 1, 7, 8, 9, 24, 63, 64, 65, 100, 216, 217, 500, 1000, 4056, 4057, 8152, 8153, 20000 }

-- Use the object that a size falls into, fill all of it, give it back.
local function dirty(dev, size)
  local p = assert(devm_kmalloc(dev, size))
  p:fill(0xff, p:usable())
  devm_kfree(dev, p)
  local q = assert(kmalloc(size))
  q:fill(0xff, q:usable())
  kfree(q)
end

for _, release in ipairs{ "4.19", "6.1", "6.12" } do
  for _, arch in ipairs{ "x86_64", "arm64" } do
    describe(("zeroing on %s %s"):format(release, arch), function()
      local dev
      before_each(function()
        boot{ release = release, arch = arch, slub_debug = "PU", kasan = "off" }
        dev = device("eth0")
      end)

      it("devm_kzalloc clears every byte", function()
        for _, size in ipairs(sizes) do
          dirty(dev, size)
          local p = assert.zeroed(devm_kzalloc(dev, size, GFP_KERNEL), size)
          devm_kfree(dev, p)
        end
      end)

      it("devm_kmalloc with __GFP_ZERO is the same", function()
        for _, size in ipairs(sizes) do
          dirty(dev, size)
          assert.zeroed(devm_kmalloc(dev, size, GFP_KERNEL | __GFP_ZERO), size)
        end
      end)

      it("devm_kcalloc clears every element", function()
        for _, n in ipairs{ 1, 3, 16, 100 } do
          dirty(dev, n * 24)
          assert.zeroed(devm_kcalloc(dev, n, 24), n * 24)
        end
      end)

      it("kzalloc and kcalloc clear every byte", function()
        for _, size in ipairs(sizes) do
          dirty(dev, size)
          assert.zeroed(kzalloc(size), size)
          assert.zeroed(kcalloc(size, 2), 2 * size)
        end
      end)

      it("devm_kmalloc, devm_kmalloc_array and kmalloc clear nothing", function()
        for _, size in ipairs(sizes) do
          dirty(dev, size)
          assert.not_zeroed(devm_kmalloc(dev, size), size)
          dirty(dev, size)
          assert.not_zeroed(devm_kmalloc_array(dev, size, 1), size)
          dirty(dev, size)
          assert.not_zeroed(kmalloc(size), size)
        end
      end)
    end)
  end
end

describe("poison", function()
  it("shows in memory that nobody wrote: 6b bytes and a last a5", function()
    local p = kmalloc(64)
    assert.filled(p, 0x6b, 63)
    assert.equal(0xa5, p[63])
  end)

  it("comes back when an object is freed", function()
    local p = kmalloc(64)
    p:fill(0x11)
    kfree(p)
    assert.filled(p, 0x6b, 63)
  end)
end)

describe("copies", function()
  it("devm_kstrdup holds the string and its end", function()
    local dev = device("eth0")
    local p = devm_kstrdup(dev, "eth0-rx")
    assert.equal("eth0-rx\0", p:read(0, 8))
    assert.equal(8, devres(dev)[1].size)
  end)

  it("devm_kmemdup holds the bytes", function()
    local dev = device("eth0")
    local q = kstrdup("settings")
    local p = devm_kmemdup(dev, q, 9)
    assert.equal(q:read(0, 9), p:read(0, 9))
    kfree(q)
    assert.equal("settings", p:read(0, 8))
  end)
end)
