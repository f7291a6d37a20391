-- SPDX-License-Identifier: MIT
-- A pointer to a device that was released: what each kernel makes of it.

local UNDERFLOW = "refcount_t: underflow; use-after-free."
local PLAIN = { kasan = "off", slub_debug = "-" }
local POISON = { kasan = "off", slub_debug = "FZPU" }

local function machine(release, arch, how)
  local options = { release = release, arch = arch }
  for k, v in pairs(how or PLAIN) do options[k] = v end
  boot(options)
end

local function count(text)
  local n = 0
  for _, row in ipairs(dmesg()) do if row.text:find(text, 1, true) then n = n + 1 end end
  return n
end

-- release() leaves the memory alone: it is static, say
local function static_device()
  local d = device_initialize("card0", { release = function() end })
  put_device(d)
  return d
end

-- release() frees the memory that the device is in
local function freed_device()
  local p = kzalloc(1024)
  local d = device_initialize("card0", { release = function() kfree(p) end })
  put_device(d)
  return d, p
end

describe("a put too many, nothing checked", function()
  local says = {
    { "4.9", "x86_64" }, { "4.9", "arm64" },
    { "4.19", "x86_64" }, { "4.19", "arm" }, { "4.19", "arm64", UNDERFLOW },
    { "5.10", "x86_64", UNDERFLOW }, { "5.10", "arm", UNDERFLOW },
    { "6.1", "arm64", UNDERFLOW }, { "6.12", "x86_64", UNDERFLOW },
    { "6.12", "riscv64", UNDERFLOW }, { "7.2", "x86_64", UNDERFLOW },
  }

  for _, row in ipairs(says) do
    local release, arch, text = row[1], row[2], row[3]

    for _, kind in ipairs{ { "static", static_device }, { "freed", freed_device } } do
      local name, make = kind[1], kind[2]
      it("of a " .. name .. " device on " .. release .. " " .. arch, function()
        machine(release, arch)
        local d = make()
        if text then
          assert.warns(function() put_device(d) end, text)
        else
          put_device(d)
        end
        put_device(d) -- the counter is saturated, and the WARN is one that comes once
        assert.equal(text and 1 or 0, count("refcount_t"))
        assert.equal(text and 1 or 0, count("WARNING:"))
      end)
    end
  end

  it("is found where poison is looked at: 6a for 6b, 56 bytes in", function()
    for _, release in ipairs{ "5.10", "6.12" } do
      machine(release, "x86_64", POISON)
      local d, p = freed_device()
      put_device(d)
      assert.equal(0, count("WARNING"))
      assert.warns(function() for _ = 1, 40 do kmalloc(1024) end end, "Poison overwritten")
      assert.logged("First byte 0x6a instead of 0x6b")
    end
  end)

  it("of memory that is another's by now does what its bytes say", function()
    machine("6.12", "x86_64")
    local d, p = freed_device()
    local q = kzalloc(1024)
    assert.equal(tostring(p), tostring(q))
    assert.warns(function() put_device(d) end,
      "is not initialized, yet kobject_put() is being called.")
    assert.logged("kobject: '(null)' (" .. tostring(q):gsub("^0x", "") .. ")")
    assert.warns(function() get_device(d) end,
      "is not initialized, yet kobject_get() is being called.")
  end)
end)

describe("a get of a device that is gone", function()
  it("is told by release", function()
    machine("4.9")
    assert.warns(function() get_device(static_device()) end, "kobject_get")
    machine("4.19", "x86_64")
    get_device(static_device())
    machine("4.19", "arm64")
    assert.warns(function() get_device(static_device()) end,
      "refcount_t: increment on 0; use-after-free.")
    machine("6.12")
    local d = static_device()
    assert.warns(function() get_device(d) end, "refcount_t: addition on 0; use-after-free.")
    assert.warns(function() get_device(d) end, "refcount_t: saturated; leaking memory.")
  end)
end)

describe("KASAN", function()
  it("reports the byte that kobject_put looks at first", function()
    for _, release in ipairs{ "4.9", "4.19", "5.10", "6.1", "6.12", "7.2" } do
      for _, make in ipairs{ freed_device, function()
        local d = device("eth0")
        device_unregister(d)
        return d
      end } do
        local how = { kasan = "on", slub_debug = "U" }
        if release ~= "4.9" then how.kasan_multi_shot = "on" end -- there each is reported
        machine(release, "x86_64", how)
        local d = make()
        assert.warns(function() put_device(d) end, "use-after-free in kobject_put")
        assert.logged("Read of size 1")
        assert.logged("Write of size 4")
        if release ~= "4.9" then assert.logged("located 60 bytes inside of") end
      end
    end
  end)

  it("and nothing of a device whose memory stays", function()
    machine("6.12", "x86_64", { kasan = "on", slub_debug = "U" })
    local d = static_device()
    assert.warns(function() put_device(d) end, UNDERFLOW)
    assert.not_logged("KASAN")
  end)

  it("reports the function that was called with it", function()
    local calls = {
      { "devm_kmalloc", function(d) devm_kmalloc(d, 64) end },
      { "mutex_lock", function(d) device_unregister(d) end },
      { "dev_get_drvdata", function(d) dev_get_drvdata(d) end },
      { "devres_release_all", function(d) devres_release_all(d) end },
      { "kobject_get", function(d) pcall(device, "kid", { parent = d }) end },
    }
    for _, c in ipairs(calls) do
      machine("6.12", "x86_64", { kasan = "on", slub_debug = "U" })
      local d = freed_device()
      assert.warns(function() pcall(c[2], d) end, "slab-use-after-free in " .. c[1])
    end
  end)
end)

describe("other calls with a device that is gone", function()
  it("fall over poison", function()
    machine("6.12", "x86_64", POISON)
    local d = freed_device()
    assert.equal("6b6b6b6b6b6b6b6b", tostring(dev_get_drvdata(d)))
    assert.warns(function() pcall(devm_kmalloc, d, 64) end,
      "general protection fault, probably for non-canonical address 0x6b6b6b6b6b6b6b6b")
  end)

  it("go on where the memory is as it was", function()
    machine("6.12", "x86_64")
    for _, make in ipairs{ static_device, freed_device } do
      local d = make()
      local p = devm_kmalloc(d, 64)
      dev_set_drvdata(d, p)
      assert.equal(p, dev_get_drvdata(d))
      assert.allocated(p) -- and nobody will ever release it
    end
  end)
end)

describe("a device that is put away while it is registered", function()
  it("is released by the put that takes the last list's reference", function()
    machine("6.12", "x86_64")
    bus("b")
    local released = 0
    local d = device("eth9", { bus = "b", release = function() released = released + 1 end })
    put_device(d)
    assert.equal(0, released)
    put_device(d)
    assert.equal(1, released)
    assert.warns(function() put_device(d) end, UNDERFLOW)
    assert.equal(1, released)
    device("eth9", { bus = "b", release = function() end }) -- its name is free again
  end)

  it("takes its children's pointers and its links with it, and devsh stands", function()
    machine("6.12", "x86_64")
    bus("b")
    local opts = { bus = "b", release = function() end }
    local p = device("p", opts)
    device("c", { bus = "b", parent = p, release = function() end })
    local s = device("s", opts)
    device_link_add(p, s, "STATELESS")
    for _ = 1, 4 do put_device(p) end
    assert.equal(0, #device_links())
    device_unregister("c")
    assert.warns(function() put_device(p) end, UNDERFLOW)
    assert.equal(0, #fsck())
  end)
end)
