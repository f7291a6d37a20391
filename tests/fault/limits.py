#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The host has limits, and input has none: limits.py DEVSH

What a user is told when address space, files or file descriptors run out, or when a
file does not end. Prints TAP.
"""
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DEVSH = os.path.abspath(sys.argv[1])
MIB = 1 << 20
SCENARIOS = os.path.join(HERE, "sessions", "scenarios.lua")

AS, FSIZE, NOFILE = resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE
# what, limit, arguments, exit code, what is in the output and the errors
CASES = [
    ("a small machine in 300 MiB", (AS, 300 * MIB), ["--boot", "mem=16M", "-c", "device eth0; devm_kmalloc eth0 8"],
     0, r"ffff8880\w+\n"),
    ("a machine that does not fit", (AS, 300 * MIB), ["-c", "device eth0"],
     7, r"devsh: out of memory: the host has no room for a machine with mem=256M\n"),
    ("the default machine in 1 GiB", (AS, 1024 * MIB), ["-c", "device eth0; devm_kmalloc eth0 8"],
     0, r"ffff8880\w+\n"),
    ("a boot that does not fit leaves the machine", (AS, 300 * MIB),
     ["-k", "--boot", "mem=16M", "-c", "boot mem=1G; cat /sys/kernel/debug/failslab/times"],
     1, r"-c:1:1: error: boot: the host has no memory for mem=1073741824\n.*1\n"),
    ("scenarios on small machines", (AS, 300 * MIB), ["run", "--boot", "mem=16M", SCENARIOS], 0, r"3 passed"),
    ("output into a file that may not grow", (FSIZE, 1024), ["-c", "help > OUT"],
     2, r"-c:1:1: error: OUT: File too large\n"),
    # the loader needs one itself
    ("no descriptor for a pipe", (NOFILE, 4), ["-c", "devices | cat"], 2, r"cat: Too many open files\n"),
    ("no descriptor for a worker", (NOFILE, 5), ["run", "-j2", SCENARIOS, SCENARIOS],
     2, r"devsh: no worker can be made: Too many open files\n"),
    ("a script without an end", None, ["/dev/zero"], 2, r"devsh: /dev/zero: File too large\n"),
    ("a scenario without an end", None, ["run", "/dev/zero"], 1, r"/dev/zero: File too large|FAIL  /dev/zero"),
    ("input without an end", None, ["-"], 2, r"File too large\n"),
]


def run(limit, words, cwd):
    def begin():
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        if limit:
            resource.setrlimit(limit[0], (limit[1], limit[1]))

    endless = subprocess.Popen(["yes", "device"], stdout=subprocess.PIPE) if words == ["-"] else None
    done = subprocess.run([DEVSH] + words, preexec_fn=begin, cwd=cwd, timeout=120,
                          stdin=endless.stdout if endless else subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if endless:
        endless.kill()
        endless.wait()
    return done.returncode, done.stdout.decode(errors="replace")


print(f"1..{len(CASES)}")
failed = False
for i, (what, limit, words, want, pattern) in enumerate(CASES, 1):
    with tempfile.TemporaryDirectory() as cwd:
        code, text = run(limit, words, cwd)
    good = code == want and re.search(pattern, text, re.S)
    failed |= not good
    print(f"{'' if good else 'not '}ok {i} - {what}")
    if not good:
        print(f"# exit code {code}, expected {want}")
        for line in text[-600:].split("\n"):
            print("#", line)
sys.exit(failed)
