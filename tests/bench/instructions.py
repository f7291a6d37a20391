# SPDX-License-Identifier: MIT
"""What things cost in instructions, which do not depend on the machine's mood.

Each row is run twice under cachegrind, once with twice the work; the difference is
divided by the work. The table is held against instructions.txt, which one compiler made:
with another one there is nothing to compare.

Usage: instructions.py [--check | --update] MODEL DEVSH COMPILER
       --check   prints TAP: no row may be more than 5 % worse than the record
       --update  writes the record
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RECORD = os.path.join(HERE, "instructions.txt")
WORSE = 1.05
# the functions of the C library that every x86_64 has
ENV = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
       "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-ERMS,-AVX512VL,-AVX512BW"}

# Rows that are held against another one: how often it they may be at most.
AIMS = {
    "pair": (110, None), "pair, checked": (9, "pair"),
    "node, allocated and released": (180, None),
    "bind and unbind, 10 allocations": (1, "ten nodes and a call, malloc and list"),
    "node, freed oldest first": (1, "node, malloc and list, freed oldest first"),
    "node, freed in random order": (1, "node, malloc and list, freed in random order"),
    "line of the shell": (12000, None), "call from Lua": (1200, None),
}

SCENARIO = """describe("a driver", function()
  for i = 1, %d do
    it("number " .. i, function()
      local dev, p = device("eth0"), {}
      local demo = driver{ name = "demo", probe = function(d)
        for n = 1, 10 do p[n] = devm_kzalloc(d, 64) end
      end }
      assert.equal(0, bind(dev, demo))
      assert.equal(10, #devres(dev))
      unbind(dev)
      assert.equal(0, #devres(dev))
    end)
  end
end)
"""


def count(argv):
    done = subprocess.run(["valgrind", "--tool=cachegrind", "--cache-sim=no",
                           "--cachegrind-out-file=/dev/null", *argv], env=ENV,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    found = re.search(r"I +refs: +([\d,]+)", done.stderr)
    if done.returncode or not found:
        sys.exit(f"Bail out! {' '.join(argv)}: exit code {done.returncode}\n{done.stderr[-800:]}")
    return int(found.group(1).replace(",", ""))


def each(argv, times):
    """Instructions for one, of the command that argv(n) is for n."""
    return round((count(argv(2 * times)) - count(argv(times))) / times)


class Files:
    """Programs for devsh, as long as they are needed."""

    def __init__(self, devsh):
        self.devsh, self.where = devsh, tempfile.TemporaryDirectory()

    def write(self, name, text):
        path = os.path.join(self.where.name, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def lines(self, n):
        text = "device eth0\n" + "p = devm_kmalloc eth0 64\ndevm_kfree eth0 $p\n" * (n // 2)
        return [self.devsh, "--boot", "slub_debug=-", self.write("lines.dsh", text)]

    def lua(self, n):
        text = ("local kmalloc, kfree, d = devm_kmalloc, devm_kfree, device('eth0') "
                f"for i = 1, {n // 2} do kfree(d, kmalloc(d, 64)) end")
        return [self.devsh, "--boot", "slub_debug=-", "-e", text]

    def scenarios(self, n):
        return [self.devsh, "run", "-j0", self.write("many.lua", SCENARIO % n)]

    def files(self, n):
        paths = [self.write(f"file{i}.lua", SCENARIO % 1) for i in range(n)]
        return [self.devsh, "run", "-j0", *paths]


def measure(model, devsh):
    """{row: instructions}, in the order of the table."""
    names = subprocess.run([model], capture_output=True, text=True, check=True).stdout.splitlines()
    table = {}
    for i, name in enumerate(names):
        times = 1000 if "10 alloc" in name or "ten nodes" in name else 20000
        table[name] = each(lambda n: [model, str(i), str(n)], times)
    files = Files(devsh)
    table["start and end of devsh"] = count([devsh, "-c", ""])
    table["line of the shell"] = each(files.lines, 1000)
    table["call from Lua"] = each(files.lua, 2000)
    table["scenario"] = each(files.scenarios, 50)
    table["file with one scenario"] = each(files.files, 20)
    return table


def read():
    """The compiler of the record, and its {row: instructions}."""
    table, compiler = {}, ""
    with open(RECORD, encoding="utf-8") as f:
        for line in f:
            if line.startswith("# by "):
                compiler = line[5:].strip()
            elif not line.startswith("#"):
                figure, name = line.strip().split(None, 1)
                table[name] = int(figure)
    return compiler, table


def write(compiler, table):
    with open(RECORD, "w", encoding="utf-8") as f:
        f.write("# SPDX-License-Identifier: MIT\n# Instructions for one, measured by instructions.py --update.\n")
        f.write(f"# by {compiler}\n")
        f.writelines(f"{figure:9} {name}\n" for name, figure in table.items())


def aim_of(name, table):
    limit, other = AIMS.get(name, (None, None))
    if limit is None:
        return ""
    if other is None:
        return f"aim <= {limit}"
    return f"{table[name] / table[other]:.2f} times {other}, aim <= {limit}"


def say(table, record):
    for name, figure in table.items():
        before = record.get(name)
        change = f"{100 * (figure / before - 1):+6.1f} %" if before else "     new"
        print(f"{name:46}{figure:10,} {change}  {aim_of(name, table)}".rstrip())


def check(table, record):
    print(f"1..{len(record)}")
    for n, (name, before) in enumerate(record.items(), 1):
        right = name in table and table[name] <= before * WORSE
        print(f"{'ok' if right else 'not ok'} {n} - {name}: {table.get(name)}, recorded {before}")


def main():
    how = sys.argv.pop(1) if sys.argv[1].startswith("--") else ""
    model, devsh, compiler = sys.argv[1:]
    made_by, record = read() if os.path.exists(RECORD) else ("", {})
    if how == "--check" and made_by != compiler:
        print(f"1..0 # SKIP the record was made by {made_by}, this is {compiler}")
        return
    table = measure(os.path.abspath(model), os.path.abspath(devsh))
    if how == "--check":
        check(table, record)
    elif how == "--update":
        write(compiler, table)
    else:
        say(table, record)


main()
