#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Sessions in documents: sessions.py DEVSH FILE.md

A fenced block tagged `devsh` is a session on a freshly booted machine: what
stands behind "devsh> " and "  ...> " is typed, the rest is what devsh prints.
A block tagged `lua` must run, or hold scenarios that pass. Prints TAP.
"""
import difflib
import os
import re
import subprocess
import sys
import tempfile

INPUT, MORE = "devsh> ", "  ...> "


def blocks(text):
    for found in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S):
        yield found.group(1), text.count("\n", 0, found.start()) + 1, found.group(2)


def run(devsh, args, text, suffix):
    with tempfile.NamedTemporaryFile("w", suffix=suffix) as f:
        f.write(text)
        f.flush()
        # what is shown is the middle of a session, not its end
        done = subprocess.run([devsh, "--leak-check=no"] + args + [f.name], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.decode().replace(f.name, "stdin")


def session(devsh, body):
    """None when the session comes out as written, else the difference."""
    typed = [line[len(INPUT):] for line in body.splitlines() if line.startswith((INPUT, MORE))]
    expected = [line for line in body.splitlines() if not line.startswith((INPUT, MORE))]
    _, got = run(devsh, ["-k"], "\n".join(typed) + "\n", ".dsh")
    # at a prompt an error needs no place
    got = [re.sub(r"^stdin:\d+:\d+: error: ", "", line) for line in got.splitlines()
           if not line.startswith("devsh: the kernel complained")]  # said at the end of a file only
    expected = [re.sub(r"^\S+:\d+:\d+: error: ", "", line) for line in expected]
    if got == expected:
        return None
    return list(difflib.unified_diff(expected, got, "document", "devsh", lineterm=""))


def script(devsh, body):
    status, got = run(devsh, [], body, ".lua")
    return None if status == 0 else got.splitlines()


def main():
    devsh, path = os.path.abspath(sys.argv[1]), sys.argv[2]
    with open(path) as f:
        text = f.read()
    count = failed = 0
    for tag, line, body in blocks(text):
        check = {"devsh": session, "lua": script}.get(tag)
        if not check:
            continue
        count += 1
        wrong = check(devsh, body)
        failed += wrong is not None
        print(f"{'not ' if wrong else ''}ok {count} - {os.path.basename(path)} line {line}: {tag}")
        for row in wrong or []:
            print("# " + row)
    if not count:
        count = 1
        print(f"ok 1 - {os.path.basename(path)} has no sessions")
    print(f"1..{count}")
    return failed != 0


sys.exit(main())
