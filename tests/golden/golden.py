#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Transcripts: golden.py [--update] DEVSH FILE.dsh

Runs the file and compares what it prints, errors included, and the exit status
with FILE.out beside it. A first line '#! ARGS' gives devsh arguments in place
of the file; a line '#env NAME=VALUE' sets a variable.
"""
import difflib
import os
import shlex
import subprocess
import sys


def main():
    args = sys.argv[1:]
    update = args[:1] == ["--update"]
    devsh, path = args[update:]
    here, name = os.path.split(os.path.abspath(path))
    env = {k: v for k, v in os.environ.items()
           if k not in ("NO_COLOR", "FORCE_COLOR", "DEVSH_HISTFILE")}
    with open(path, "rb") as f:
        head = f.read(4096).decode(errors="replace").splitlines()
    command = [name]
    for line in head:
        if line.startswith("#! "):
            command = shlex.split(line[3:])
        elif line.startswith("#env "):
            key, value = line[5:].split("=", 1)
            env[key] = value
    done = subprocess.run([os.path.abspath(devsh)] + command, cwd=here, env=env,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    got = done.stdout.decode(errors="replace") + f"exit {done.returncode}\n"
    expected_path = path[:-4] + ".out"
    if update:
        with open(expected_path, "w") as f:
            f.write(got)
        return 0
    with open(expected_path) as f:
        expected = f.read()
    if got == expected:
        return 0
    sys.stdout.writelines(difflib.unified_diff(
        expected.splitlines(True), got.splitlines(True), expected_path, "now"))
    return 1


sys.exit(main())
