-- SPDX-License-Identifier: MIT
-- WARN with and without a text, in each order of lines that there was, on other architectures than 08 and 10 have.
-- EXPECT: 4.9 arm64: text, cut line, WARNING; 4.19: cut line, text, WARNING, and no cut line without a text; 6.1 arm: cut line, WARNING, text;
--         6.12 riscv64: cut line, text, WARNING; 7.2: "WARNING: file:line at function, CPU#n: comm/pid".
for _, m in ipairs{ { "4.9", "arm64" }, { "4.19", "x86_64" }, { "6.1", "arm" }, { "6.12", "riscv64" }, { "7.2", "x86_64" } } do
  boot{ release = m[1], arch = m[2], kasan = "off" }
  print("--- " .. m[1] .. " " .. m[2])
  bus("b")
  device_unregister(device("d", { bus = "b" }))
  devm_kfree(device("eth0"), kmalloc(8))
end
