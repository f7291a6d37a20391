#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The host runs out of memory: no_memory.py [--all] DEVSH SHIM [SESSION...]

Runs sessions in which the N-th allocation of the host fails, once or from there on
(fail_malloc.c). The output of each is right: it is either all that the session shows
with enough memory, or devsh says what is wrong and exits with an error, and no line of
the output is one that the undisturbed session does not show. Without --all, a sample of N
that is the same each time. Prints TAP.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "pty"))
import terminal # pylint: disable=wrong-import-position

SESSIONS = os.path.join(HERE, "sessions")
ALL_UP_TO = 4000 # of each session
RUN_ALLOCATIONS = 2500
SAMPLE = 70     # of each session and way of failing

parser = argparse.ArgumentParser()
parser.add_argument("--all", action="store_true")
parser.add_argument("devsh")
parser.add_argument("shim")
parser.add_argument("session", nargs="*")
args = parser.parse_args()

PROMPT = "a terminal"
# name, arguments, standard input, what may be among the output of a disturbed run
REPORT = re.compile(rb"^(not ok|#|1\.\.|  |<)")
RUNS = [
    ("lines", ["lines.dsh"], None, None),
    ("lines from standard input", [], "lines.dsh", None),
    ("lines, as JSON", ["--json", "lines.dsh"], None, None),
    ("lines, going on after errors", ["-k", "lines.dsh"], None, None),
    ("Lua", ["script.lua"], None, None),
    ("-c and -e", ["-c", "device eth0; devm_kmalloc eth0 64", "-e", "print(#devres('eth0'))"], None, None),
    ("run in this process", ["run", "-j0", "--format=tap", "scenarios.lua"], None, REPORT),
    ("run in a worker", ["run", "-j1", "--format=ktap", "scenarios.lua"], None, REPORT),
    ("at the prompt", [], PROMPT, None),
    ("help", ["--help"], None, None),
    ("completion", ["--complete", "devsh", "--fo"], None, None),
]
HAS_NO_MEMORY = re.compile(rb"out of memory|no memory|not enough memory|annot allocate memory|no report")


def run(words, stdin, fail):
    env = dict(os.environ, LC_ALL="C.UTF-8", TERM="dumb", LD_PRELOAD=os.path.abspath(args.shim),
               FAIL_MALLOC=fail)
    env.pop("FAIL_MALLOC_COUNT", None)
    with tempfile.NamedTemporaryFile() as count:
        if not fail:
            env["FAIL_MALLOC_COUNT"] = count.name
        with open(os.path.join(SESSIONS, stdin) if stdin else os.devnull, "rb") as source:
            try:
                done = subprocess.run([os.path.abspath(args.devsh)] + words, stdin=source, env=env,
                                      cwd=SESSIONS, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      timeout=60)
            except subprocess.TimeoutExpired:
                return None, 0
        text = count.read()
        return done, int(text) if text else 0


TYPED_LINE = re.compile(rb"(.*devsh|evsh|vsh|sh|h|.*lua|ua|a)?> ")
TYPED = "device eth0\rp = devm_kmalloc eth0 64\rdevm_kz\t eth\t 8\rdevres\rundo\rlua\r1 + 1\r\rquit\r"


# the last line is one of those that memory may be missing for
LOST_QUIT = re.compile(r"quit\r?\n[^\n]*out of memory[^\n]*\n[^\n]*> $")


def to_the_end(t):
    asked_again = False
    while t.read_more():
        if not asked_again and LOST_QUIT.search(t.text()):
            asked_again = True
            t.send("quit\r")
    return t.wait()


def type_at_prompt(words, fail):
    """A session at a terminal, where the line editor allocates as well."""
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "DEVSH_HISTFILE": "", "INPUTRC": "/dev/null",
           "LD_PRELOAD": os.path.abspath(args.shim), "FAIL_MALLOC": fail}
    with tempfile.NamedTemporaryFile() as count:
        if not fail:
            env["FAIL_MALLOC_COUNT"] = count.name
        with terminal.Terminal([os.path.abspath(args.devsh)] + words, env, term="dumb") as t:
            t.send(TYPED)
            try:
                status = to_the_end(t)
            except terminal.Mismatch:
                return None, 0
            if t.modes() != t.modes_at_start:
                status = -999
            # what was typed, and the line that shows it, are nothing that devsh says
            # (the line editor draws only what has changed of it)
            lines = [line for line in t.text().encode().split(b"\n") if not TYPED_LINE.match(line)]
        text = count.read()
        done = subprocess.CompletedProcess(words, status, b"\n".join(lines), b"")
        return done, int(text) if text else 0


def wrong(whole, done, report, is_json, at_prompt):
    """Why the result of a disturbed run is not right, or None."""
    if done is None:
        return "did not end"
    if done.returncode == -999:
        return "leaves the terminal as no other program can use it"
    if done.returncode < 0:
        return f"was ended by signal {-done.returncode}"
    if done.returncode == whole.returncode and done.stdout == whole.stdout and done.stderr == whole.stderr:
        return None
    if not done.returncode and not at_prompt:
        return "exits with 0 and other output"
    if not HAS_NO_MEMORY.search(done.stderr + done.stdout):
        return f"exits with {done.returncode} and does not say why"
    if is_json and done.stdout: # nothing at all: it did not begin
        try:
            json.loads(done.stdout)
        except ValueError as e:
            return f"writes no JSON: {e}"
    # an object in a document has a comma after it unless it is the last one
    lines = collections.Counter(line.rstrip(b",") for line in whole.stdout.split(b"\n"))
    for line in done.stdout.split(b"\n"):
        if at_prompt and HAS_NO_MEMORY.search(line):
            break # the session goes on without what the line should have done
        line = line.rstrip(b",")
        if lines[line] > 0:
            lines[line] -= 1
        elif line and not HAS_NO_MEMORY.search(line) and not (report and report.match(line)):
            return f"shows a line of its own: {line.decode(errors='replace')}"
    return None


def sample(n):
    """Some of 1..n: the first ones, and others in even steps."""
    first = min(n, SAMPLE // 3)
    step = max(1, (n - first) // (SAMPLE - first))
    return list(range(1, first + 1)) + list(range(first + step, n + 1, step))


def check(name, words, stdin, report):
    at_prompt = stdin == PROMPT
    whole, allocations = type_at_prompt(words, "") if at_prompt else run(words, stdin, "")
    if "run" in words:
        allocations = max(allocations, RUN_ALLOCATIONS) # workers count on from their start
    if whole is None or whole.returncode or not allocations:
        return ["undisturbed, it fails: " + (whole.stderr.decode() if whole else "does not end")], 0
    ns = range(1, min(allocations, ALL_UP_TO) + 1) if args.all else sample(min(allocations, ALL_UP_TO))
    tries = [f"{n}{way}" for n in ns for way in ("", "+")]
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = [(fail, type_at_prompt(words, fail)[0]) for fail in tries] if at_prompt else \
            pool.map(lambda fail: (fail, run(words, stdin, fail)[0]), tries)
        found = [(fail, wrong(whole, done, report, "--json" in words, at_prompt)) for fail, done in results]
    return [f"FAIL_MALLOC={fail}: {why}" for fail, why in found if why], len(tries)


todo = [r for r in RUNS if not args.session or r[0] in args.session]
print(f"1..{len(todo)}")
failed = False
for i, (name, words, stdin, report) in enumerate(todo, 1):
    bad, tries = check(name, words, stdin, report)
    failed |= bool(bad)
    print(f"{'not ' if bad else ''}ok {i} - {name}: {tries} tries", flush=True)
    for line in bad[:40]:
        print("#", line)
    if len(bad) > 40:
        print("# and", len(bad) - 40, "more")
sys.exit(failed)
