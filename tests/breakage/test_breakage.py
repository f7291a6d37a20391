# SPDX-License-Identifier: MIT
"""The scenarios notice each way in which the model can be broken on purpose.

Usage: test_breakage.py DEVSH_BREAKABLE SCENARIO.lua...; prints TAP.
"""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

# name: the scenario files that should notice
BREAKAGES = {
    "zero-first-byte": {"zeroing"},
    "release-forward": {"lifetime"},
    "kfree-newest": {"wrong_pointers"},
    "no-overflow-check": {"wrong_pointers"},
    "foreign-pointer": {"wrong_pointers"},
    "data-off-by-8": {"alignment"},
    "wrong-node": {"numa"},
    "no-probe-release": {"lifetime", "leaks"},
}

number = 0


def verdict(ok, name, detail=()):
    global number
    number += 1
    print(f"{'ok' if ok else 'not ok'} {number} - {name}")
    for line in detail:
        print("#", line)
    sys.stdout.flush()


def run(devsh, *args):
    return subprocess.run([devsh, *args], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, errors="replace")


def failed_in(devsh, breakage, path):
    """How many scenarios of a file fail, and what the process ended with."""
    r = run(devsh, "run", "--format=tap", "--break", breakage, path)
    return len(re.findall(r"^not ok ", r.stdout, re.M)), r


def check(devsh, files, breakage, expected, pool):
    caught, detail, clean = set(), [], True
    results = pool.map(lambda path: failed_in(devsh, breakage, path), files)
    for path, (failures, r) in zip(files, results):
        stem = os.path.splitext(os.path.basename(path))[0]
        if failures:
            caught.add(stem)
            detail.append(f"{stem}: {failures}")
        # noticing is a scenario that fails, never a process that dies
        if r.returncode != (1 if failures else 0) or r.stderr:
            clean = False
            detail.append(f"{stem}: exit status {r.returncode}")
            detail += r.stderr.splitlines()[:10]
    verdict(clean and expected <= caught, f"{breakage} is caught", detail)


def main():
    devsh, *files = sys.argv[1:]
    print(f"1..{2 + len(BREAKAGES)}")
    r = run(devsh, "run", "--break", "nonsense", *files)
    names = set(r.stderr.splitlines()[0].partition("wants one of")[2].split())
    verdict(r.returncode == 2 and names == set(BREAKAGES) | {"none"},
            "every breakage of the program is tried", r.stderr.splitlines())
    r = run(devsh, "run", "--break", "none", *files)
    verdict(r.returncode == 0, "nothing broken: all scenarios pass", r.stdout.splitlines()[-1:])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for breakage, expected in BREAKAGES.items():
            check(devsh, files, breakage, expected, pool)


main()
