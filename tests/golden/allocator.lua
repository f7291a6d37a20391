-- SPDX-License-Identifier: MIT
-- What the allocator and kmemleak answer and say: see allocator.sh.
local from = #dmesg()
local function said(name, f, lines)
  local ok, value = pcall(f)
  local rows, n = dmesg(), 0
  print("| " .. name .. ": " .. (ok and tostring(value) or "an error"))
  for i = from + 1, #rows do
    local text = rows[i].text:gsub("%+0x%x+/0x%x+", ""):gsub("<%x%x%x%x+>", "<>")
    if not text:match("^Node 0") and n < (lines or 100) then
      print("|   " .. text)
      n = n + 1
    end
  end
  from = #rows
end
local function freed()
  local p = kmalloc(20)
  kfree(p)
  return ksize(p)
end
said("ksize() of 20 bytes", function() return ksize(kmalloc(20)) end)
said("ksize() of freed memory", freed, 3)
said("ksize() of 20000 bytes", function() return ksize(kmalloc(20000)) end)
said("byte 31 behind ksize()", function()
  local p = kmalloc(20)
  ksize(p)
  p[31] = 1
end, 3)
said("flags that a new slab does not take", function() return kmalloc(192, GFP_KERNEL | __GFP_HIGHMEM) ~= nil end)
said("the same from an old slab", function() return kmalloc(192, GFP_KERNEL | __GFP_HIGHMEM) ~= nil end)
said("the same for pages", function() return kmalloc(20000, GFP_KERNEL | __GFP_HIGHMEM) ~= nil end)
said("too large, with __GFP_NOWARN", function() return kmalloc(1 << 30, GFP_KERNEL | __GFP_NOWARN) end)
said("too large", function() return kmalloc(1 << 30) end)
said("too large again", function() return kmalloc(1 << 30) end)
said("no pages left", function()
  local p
  repeat p = kmalloc(4 << 20, GFP_KERNEL | __GFP_NOWARN) until not p
  return kmalloc(4 << 20)
end)
said("no slab left", function()
  local p
  repeat p = kmalloc(1024, GFP_KERNEL | __GFP_NOWARN) until not p
  return kmalloc(1024)
end)
