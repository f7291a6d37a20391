#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the program costs: process.py DEVSH. Measured, never asserted."""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 60
CALLS = 1_000_000
STEPS = 1_000


def run(command):
    start = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - start) * 1e3


def run_lines(devsh, lines):
    with tempfile.NamedTemporaryFile("w", suffix=".dsh") as f:
        f.write("\n".join(lines) + "\n")
        f.flush()
        return run([devsh, f.name])


def undo(devsh):
    """What undo costs behind so many steps: a run with it less one without."""
    lines = ["device eth0"]
    for i in range(STEPS // 2):
        lines += [f"p = devm_kmalloc eth0 {50 + i % 400}",
                  "devm_kfree eth0 $p" if i % 3 else "kmalloc 64"]
    lines = lines[:STEPS]
    there = [run_lines(devsh, lines) for _ in range(ROUNDS // 2)]
    back = [run_lines(devsh, lines + ["undo"]) for _ in range(ROUNDS // 2)]
    there, back = statistics.median(there), statistics.median(back)
    print(f"undo after {STEPS:,} steps          {back - there:6.2f} ms   "
          f"({(back - there) / there:.1f} times the run itself)   aim < 50 ms")


def main():
    devsh = os.path.abspath(sys.argv[1])
    empty, bare = [], []
    for _ in range(ROUNDS):
        bare.append(run(["/bin/true"]))
        empty.append(run([devsh, "-c", ""]))
    empty, bare = statistics.median(empty), statistics.median(bare)
    print(f"start and end of devsh          {empty:6.2f} ms   "
          f"({empty / bare:.1f} times /bin/true)   aim < 5 ms")

    # the shell that the pipe starts looks at its parent
    out = subprocess.run([devsh, "-c", "machine | grep VmHWM /proc/$PPID/status"],
                         stdout=subprocess.PIPE, check=True).stdout.decode()
    kib = int(re.search(r"(\d+) kB", out).group(1))
    print(f"resident at most                {kib / 1024:6.2f} MiB                        aim < 8 MiB")

    loop = f"for i = 1, {CALLS} do %s end"
    prepare = "local kmalloc, kfree, d = devm_kmalloc, devm_kfree, device('eth0') "
    off = ["--boot", "slub_debug=-"]
    nothing, pair = [], []
    for _ in range(3):
        nothing.append(run([devsh] + off + ["-e", prepare + loop % ""]))
        pair.append(run([devsh] + off + ["-e", prepare + loop % "kfree(d, kmalloc(d, 64))"]))
    ns = (statistics.median(pair) - statistics.median(nothing)) / CALLS / 2 * 1e6
    print(f"one call from Lua               {ns:6.0f} ns")
    undo(devsh)


main()
