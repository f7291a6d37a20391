-- SPDX-License-Identifier: MIT
-- One machine and each of its reports: see reports.sh.
local eth0, from
local function setup()
  insmod("mod", { init = function() end })
  eth0 = device("eth0")
  define("rel", function() end)
  define("act", function() end)
  from = #dmesg()
end
setup()
local function report(name, f)
  local ok, err = pcall(f)
  local rows = dmesg()
  print("| " .. name .. ":")
  for i = from + 1, #rows do
    print("|   " .. rows[i].text:gsub("%+0x%x+/0x%x+", ""):gsub("<%x+>", "<>"))
  end
  from = #rows
  -- riscv64 panics at a BUG
  if rows[from].text:find("end Kernel panic", 1, true) then
    boot(rows[2].text:match("^Command line: (.*)$"))
    setup()
  end
end
report("WARN", function() devm_kfree(eth0, kmalloc(64)) end)
report("WARN with text", function() devm_krealloc(eth0, kmalloc(64), 300) end)
report("WARN in a header since 7.2", function() devm_remove_action(eth0, "act") end)
report("BUG", function() local r = devres_alloc("rel", 16) devres_add(eth0, r) devres_add(eth0, r) end)
report("read at NULL", function() local p = kmalloc(64) return (p + (16 - p.addr))[0] end)
report("write at 0x4000", function() local p = kmalloc(64) p = p + (0x4000 - p.addr) p[0] = 1 end)
report("write to a constant", function() local p, s = kmalloc(64), rodata("x") p = p + (s.addr - p.addr) p[0] = 1 end)
report("read through poison", function() local p = kmalloc(64) return (p + (0x6b6b6b6b6b6b6b6b - p.addr))[0] end)
report("kfree twice", function() local p = kmalloc(64) kfree(p) kfree(p) end)
report("kfree of managed memory", function() kfree(devm_kmalloc(eth0, 64)) end)
report("too large", function() devm_kmalloc(eth0, 1 << 30) end)
report("duplicate", function() device("eth0") end)
