# SPDX-License-Identifier: MIT
"""Reports of real kernels beside devsh's: one misuse, what each prints, line by line.

Usage: logs.py DEVSH [KIND...]           prints TAP: a point for each report
       logs.py --show DEVSH [KIND...]    the lines that differ
       logs.py --update DEVSH            writes differs.txt anew; reasons are kept
       logs.py --import DIR              makes kernel/ from raw console logs

kernel/KIND.txt has what kernels printed, under a line '== RELEASE-ARCH' each,
made comparable by rules.py; programs/KIND.lua is the same misuse here. Kinds
that end in slabinfo or geometry have rows of caches instead of a report.

differs.txt lists the reports that are not equal: how many of how many lines
are, and why not. A report that is not listed must be equal, one that is must
differ as it says: no line moves unseen.
"""
import collections
import concurrent.futures
import difflib
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rules  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
KERNEL = os.path.join(HERE, "kernel")
DIFFERS = os.path.join(HERE, "differs.txt")
SPDX = "# SPDX-License-Identifier: MIT\n"
GEOMETRY = ("object_size", "slab_size", "align", "objs_per_slab", "order")
# logs of a point release before the one that 5.10 stands for
OLDER = {"5.10-arm64": "5.10.223", "5.10-arm": "5.10.223"}
CACHE = re.compile("(dma-)?kmalloc-")
# copies of caches for hardening, and a percentage of objects that is nobody's
NO_CACHE = re.compile(r"kmalloc-(rnd|part|buckets)|.*-(rnd|part)-\d")

# What the test module's insmod did on the kernel's side; then the misuse, which
# is one function: a call that kills the task ends it.
BEFORE = """
probe_ret, probe_reason = 0, false
insmod("devres_report", { init = function() end })
eth0 = device("eth0")
driver{ name = "demo", id_table = "eth0,eth1,eth2", probe = function(dev)
  if probe_reason then return dev_err_probe(dev, probe_ret, "no clock") end
  if probe_ret ~= 0 then return probe_ret end
end }
define("act", function() end)
define("rel", function() end)
function out(f)
  for _, r in ipairs(f()) do print("@" .. r.device .. "\\t" .. (r.reason or "")) end
end
MARK = #dmesg()
pcall(function()
"""
AFTER = """
end)
local rows = dmesg()
for i = MARK + 1, #rows do print("@" .. rows[i].text) end
"""


def is_table(kind):
    return kind.endswith(("slabinfo", "geometry"))


def machine(release, arch, kind):
    """Boot parameters that make the machine whose log it was."""
    words = [f"release={release}", f"arch={arch}"]
    if kind.startswith("kasan-"):
        words += ["kasan=on", "kmemleak=on"]
        words += ["devres.log=1"] if release == "5.10" else []  # CONFIG_DEBUG_DEVRES
        words += ["slub_debug=" + ("FZPU" if kind.startswith("kasan-slab-") else "-")]
        words += ["kasan_multi_shot=" + ("on" if "multi" in kind else "off")]
    else:
        debug = kind.startswith("slab-") and kind != "slab-fail"
        words += ["kasan=off", "kmemleak=off", "mem=256M", "slub_debug=" + ("FZPU" if debug else "-")]
    return " ".join(words)


def first_report(kind, lines):
    """Of a loop that reports again and again, what the first one said."""
    if "gfp-slab" not in kind:
        return lines
    at = [i for i, line in enumerate(lines) if line.startswith("Unexpected gfp")]
    return lines[:at[1]] if len(at) > 1 else lines


def run(devsh, boot, *args):
    r = subprocess.run([devsh, "-k", "--boot", boot, *args], check=False, timeout=120,
                       stdin=subprocess.DEVNULL, capture_output=True, errors="replace")
    return r.stdout.splitlines()


def report_of_devsh(devsh, release, arch, kind):
    with open(os.path.join(HERE, "programs", kind + ".lua"), encoding="utf-8") as f:
        program = f'REL, ARCH = "{release}", "{arch}"\n' + BEFORE + f.read() + AFTER
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as f:
        f.write(program)
        f.flush()
        out = run(devsh, machine(release, arch, kind), f.name)
    lines = [line[1:].rstrip("\t") for line in out
             if line.startswith("@") and ": DEVRES " not in line]
    if kind == "kasan-kmemleak":  # what was read from a file, not the log beside it
        lines = [line for line in lines if not line.startswith("kmemleak:")]
    return first_report(kind, rules.normalised(lines, False, kind.startswith("kasan-")))


def slabinfo_rows(lines):
    for line in lines:
        words = line.split()
        if len(words) > 6 and CACHE.match(words[0]) and not NO_CACHE.match(words[0]):
            yield words[0] + ": " + " ".join(words[3:6])


def table_of_devsh(devsh, release, arch, kind, caches):
    boot = machine(release, arch, kind)
    if kind.endswith("slabinfo"):
        rows = set(slabinfo_rows(run(devsh, boot, "-c", "cat /proc/slabinfo")))
        return [row for row in caches if row in rows]
    calls = []
    for cache in (row.split(":")[0] for row in caches):
        calls += ["-c", f"echo {cache}:"]
        for name in GEOMETRY:
            calls += ["-c", f"cat /sys/kernel/slab/{cache}/{name}"]
    rows = " ".join(run(devsh, boot, *calls))
    return [row for row in caches if row in rows]


def of_devsh(devsh, conf, kind, kernel):
    release, arch = conf.split("-")
    release = OLDER.get(conf, ".".join(release.split(".")[:2]))
    if is_table(kind):
        return table_of_devsh(devsh, release, arch, kind, kernel)
    return report_of_devsh(devsh, release, arch, kind)


def kernels(kinds):
    """(kind, conf, lines) of each report."""
    for name in sorted(os.listdir(KERNEL)):
        kind = name.removesuffix(".txt")
        if kinds and kind not in kinds:
            continue
        with open(os.path.join(KERNEL, name), encoding="utf-8") as f:
            parts = f.read().removeprefix(SPDX).split("== ")[1:]
        for part in parts:
            conf, *lines = part.split("\n")[:-1]
            yield kind, conf, lines


def equal_lines(kernel, ours):
    blocks = difflib.SequenceMatcher(None, kernel, ours, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def held_against(devsh, kinds):
    """(kind, conf, kernel's lines, devsh's lines) of each report, in order."""
    rows = list(kernels(kinds))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        ours = pool.map(lambda row: of_devsh(devsh, row[1], row[0], row[2]), rows)
        for (kind, conf, kernel), lines in zip(rows, ours):
            yield kind, conf, kernel, lines


def how_equal(kernel, ours):
    equal = equal_lines(kernel, ours)
    return f"{equal} of {len(kernel) + len(ours) - equal}"


def known():
    """{(kind, conf): [how equal, why not]}"""
    rows = {}
    if os.path.exists(DIFFERS):
        with open(DIFFERS, encoding="utf-8") as f:
            for line in f:
                if not line.startswith("#"):
                    kind, conf, how, why = line.rstrip("\n").split("; ")
                    rows[kind, conf] = [how, why]
    return rows


def test(devsh, kinds):
    differs = known()
    failed, n = 0, 0
    print(f"1..{len(list(kernels(kinds)))}")
    for kind, conf, kernel, ours in held_against(devsh, kinds):
        how, why = differs.get((kind, conf), [None, None])
        ok = kernel == ours if how is None else kernel != ours and how_equal(kernel, ours) == how
        n += 1
        failed += not ok
        print(f"{'ok' if ok else 'not ok'} {n} - {kind} {conf}" + (f" ({how} lines: {why})" if how else ""))
        if not ok and how:
            print(f"# differs.txt says {how} lines, it is {how_equal(kernel, ours)}")
        if not ok:
            for line in difflib.unified_diff(kernel, ours, "kernel", "devsh", lineterm="", n=1):
                print("# " + line)
    return 1 if failed else 0


def show(devsh, kinds):
    reports, same = 0, 0
    for kind, conf, kernel, ours in held_against(devsh, kinds):
        reports += 1
        same += kernel == ours
        for line in difflib.unified_diff(kernel, ours, f"{kind} {conf}, the kernel", "devsh",
                                         lineterm="", n=1):
            print(line)
    print(f"{same} of {reports} reports are equal")
    return 0


def update(devsh):
    old = known()
    with open(DIFFERS, "w", encoding="utf-8") as f:
        f.write(SPDX + "# kind; kernel; lines that are equal; why the others are not\n")
        for kind, conf, kernel, ours in held_against(devsh, []):
            if kernel != ours:
                why = old.get((kind, conf), [None, "?"])[1]
                f.write(f"{kind}; {conf}; {how_equal(kernel, ours)}; {why}\n")
    return 0


STAMPED = re.compile(r"\[ *\d+\.\d{6}\] ?(\[ *[TC]\d+\] )?(.*)")


def raw_lines(path, kind):
    with open(path, encoding="latin-1") as f:
        text = f.read()
    if kind == "kasan-kmemleak":  # records of other code are left out
        records = text.split("unreferenced object")[1:]
        return [line for r in records if "[devres_report]" in r
                for line in ("unreferenced object" + r).splitlines()]
    lines = []
    for line in text.splitlines():
        m = STAMPED.match(line)
        if m:
            lines.append(m.group(2))
        elif re.match(r"^\S+\t", line) and "slab" not in kind:
            lines.append(line.rstrip())
    return lines


def table_lines(path, kind):
    with open(path, encoding="latin-1") as f:
        lines = f.read().splitlines()
    if kind.endswith("slabinfo"):
        return list(slabinfo_rows(lines))
    rows = []
    for words in (line.split() for line in lines):
        if len(words) == 7 and words[0] == "GEO" and CACHE.match(words[1]) and not NO_CACHE.match(words[1]):
            rows.append(words[1] + ": " + " ".join(words[2:]))
    return rows


def make(directory):
    by_kind = collections.defaultdict(dict)
    for name in sorted(os.listdir(directory)):
        m = re.match(r"^([\d.]+-(?:x86_64|arm64|riscv64|arm))-(.*)\.log$", name)
        if not m:
            continue
        conf, kind = m.groups()
        path = os.path.join(directory, name)
        if is_table(kind):
            by_kind[kind][conf] = table_lines(path, kind)
        elif os.path.exists(os.path.join(HERE, "programs", kind + ".lua")):
            lines = rules.without_earlier_owners(raw_lines(path, kind))
            by_kind[kind][conf] = first_report(
                kind, rules.normalised(lines, True, kind.startswith("kasan-")))
    os.makedirs(KERNEL, exist_ok=True)
    for kind, confs in by_kind.items():
        with open(os.path.join(KERNEL, kind + ".txt"), "w", encoding="utf-8") as f:
            f.write(SPDX)
            for conf, lines in confs.items():
                f.write("".join(line + "\n" for line in [f"== {conf}", *lines]))
    return 0


def main():
    args = sys.argv[1:]
    what = args.pop(0) if args[0].startswith("--") else ""
    if what == "--import":
        return make(args[0])
    devsh = os.path.abspath(args[0])
    if what == "--update":
        return update(devsh)
    return (show if what == "--show" else test)(devsh, args[1:])


if __name__ == "__main__":
    sys.exit(main())
