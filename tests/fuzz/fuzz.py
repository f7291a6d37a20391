#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run one libFuzzer program: fuzz.py FUZZER [--options] CORPUS...

What it finds new stays in a directory of its own, never in the tree: pass
--keep=DIR to choose it; without, it is a temporary one. Prints TAP."""
import subprocess
import sys
import tempfile

fuzzer, *rest = sys.argv[1:]
keep = [a[7:] for a in rest if a.startswith('--keep=')]
options = [a[1:] for a in rest if a.startswith('--') and not a.startswith('--keep=')]
corpus = [a for a in rest if not a.startswith('--')]
print('1..1', flush=True)
with tempfile.TemporaryDirectory() as scratch:
    done = subprocess.run([fuzzer, '-close_fd_mask=1', '-timeout=25', '-max_len=4096', *options,
                           keep[0] if keep else scratch, *corpus],
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
if done.returncode:
    for line in done.stderr.decode(errors='replace').splitlines()[-60:]:
        print('#', line)
print('not ok 1' if done.returncode else 'ok 1', '-', fuzzer.rsplit('/', 1)[-1])
sys.exit(1 if done.returncode else 0)
