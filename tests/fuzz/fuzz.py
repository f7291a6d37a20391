#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run one libFuzzer program for a moment: fuzz.py FUZZER RUNS PLAIN PATH...

PLAIN is the same fuzzer with plain.c: it knows the seeds that are in the tree,
and takes what PATHs name as well. RUNS inputs are made of all that. What is
found new goes with the temporary directory, never into the tree. Prints TAP."""
import os
import subprocess
import sys
import tempfile

fuzzer, runs, plain, *paths = sys.argv[1:]
print('1..1', flush=True)
with tempfile.TemporaryDirectory() as scratch:
    subprocess.run([plain, '--write', scratch, *paths], check=True)
    total = int(runs) + len(os.listdir(scratch))
    done = subprocess.run([fuzzer, '-close_fd_mask=1', '-timeout=25', '-max_len=8192', '-seed=1',
                           f'-runs={total}', scratch],
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
if done.returncode:
    for line in done.stderr.decode(errors='replace').splitlines()[-60:]:
        print('#', line)
print('not ok 1' if done.returncode else 'ok 1', '-', fuzzer.rsplit('/', 1)[-1])
sys.exit(1 if done.returncode else 0)
