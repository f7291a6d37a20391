# SPDX-License-Identifier: MIT
"""libdevsh exports all that include/devsh declares: exports.py LIBRARY VERSION_SCRIPT

A function that is declared and defined nowhere is in the script, but not in
the library.
"""
import re
import subprocess
import sys

library, script = sys.argv[1:]
with open(script, encoding="utf-8") as f:
    declared = set(re.findall(r"^\t(\w+);$", f.read(), re.M))
symbols = subprocess.run(["nm", "-D", "--defined-only", library], check=True,
                         capture_output=True, text=True).stdout
exported = set(re.findall(r" T (\w+)", symbols))
for name in sorted(declared ^ exported):
    print(name, "is declared but not defined" if name in declared else "is exported but not declared")
sys.exit(not declared or declared != exported)
