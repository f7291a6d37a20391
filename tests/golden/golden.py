# SPDX-License-Identifier: MIT
"""Transcripts: what was typed and what came out, byte for byte.

Usage: golden.py [--update] DEVSH NAME...; prints TAP.

NAME.dsh or NAME.lua is run by devsh, with the arguments that a line
'# args: ...' at its top names; NAME.sh by the shell, with $DEVSH. NAME.out
holds standard output and standard error in the order in which they came, and
the exit status, behind a line with the licence. A NAME without a directory
stands beside this program.
"""
import difflib
import os
import shlex
import subprocess
import sys

HEADER = "# SPDX-License-Identifier: MIT\n"
HERE = os.path.dirname(os.path.abspath(__file__))


def environment(devsh):
    """Nothing of the person's who runs this."""
    env = {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS") or k == "PATH"}
    return dict(env, LC_ALL="C.UTF-8", TERM="dumb", HOME="/nonexistent", DEVSH=devsh)


def command(devsh, path):
    """How the program PATH is run in its directory; PATH has no suffix."""
    name = os.path.basename(path)
    if os.path.exists(path + ".sh"):
        return ["sh", name + ".sh"]
    suffix = ".lua" if os.path.exists(path + ".lua") else ".dsh"
    args = []
    with open(path + suffix, encoding="utf-8") as f:
        for line in f:
            if line.startswith(("# args: ", "-- args: ")):
                args = shlex.split(line.partition("args: ")[2])
    return [devsh, *args, name + suffix]


def transcript(devsh, path):
    r = subprocess.run(command(devsh, path), cwd=os.path.dirname(path), env=environment(devsh),
                       check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT)
    text = r.stdout.decode("utf-8", "backslashreplace")
    if text and not text.endswith("\n"):
        text += "[no newline]\n"
    return f"{text}[exit {r.returncode}]\n"


def without_suffix(name):
    directory, base = os.path.split(name)
    stem, suffix = os.path.splitext(base)
    return os.path.join(os.path.abspath(directory) if directory else HERE,
                        stem if suffix in (".dsh", ".lua", ".sh", ".out") else base)


def differences(name, want, got):
    return difflib.unified_diff(want.splitlines(), got.splitlines(), name + ".out",
                                "what came out", lineterm="")


def main():
    args = sys.argv[1:]
    update = args[:1] == ["--update"]
    devsh, *names = args[1:] if update else args
    devsh = os.path.abspath(devsh)
    programs = sorted({without_suffix(name) for name in names})
    print(f"1..{len(programs)}")
    failed = False
    for n, program in enumerate(programs, 1):
        name = os.path.basename(program)
        path = program + ".out"
        got = transcript(devsh, program)
        if update:
            with open(path, "w", encoding="utf-8") as f:
                f.write(HEADER + got)
        try:
            with open(path, encoding="utf-8") as f:
                want = f.read().removeprefix(HEADER)
        except FileNotFoundError:
            want = ""
        ok = want == got
        failed = failed or not ok
        print(f"{'ok' if ok else 'not ok'} {n} - {name}")
        if not ok:
            for line in differences(name, want, got):
                print("#", line)
    return 1 if failed else 0


sys.exit(main())
