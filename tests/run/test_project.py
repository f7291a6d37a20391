# SPDX-License-Identifier: MIT
"""A project in which everything goes wrong that can, in every format and selection; and
runs of it that are killed at random moments, without a lost result.

Usage: test_project.py DEVSH [ROUNDS [SEED]]; prints TAP. ROUNDS of killing, 24 if not given.
"""
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree

from project import DEVSH, FORMATS, SECONDS, project, run, tests

ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 24
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 1
FILES = {
    "01_good.lua": [""] * 4,
    "02_failing.lua": ["assert.equal(1, 2)", "", "assert.same({ a = 1 }, { a = 2 })", "error('x')"],
    "03_oops.lua": ["p = kmalloc(8) kfree(p) p[0] = 1", "devm_kfree(device('e'), kmalloc(8))", ""],
    "04_looping.lua": ["", "while true do end", ""],
    "05_in_c.lua": ['s = ("a"):rep(40) s:find((".-"):rep(30) .. "b")', ""],
    "06_leaking.lua": ["kmalloc(64)", ""],
    "07_hungry.lua": ["local t = {} while true do t[#t + 1] = {} end", ""],
    "08_syntax.lua": "x = = 1",
    "09_empty.lua": "x = 1",
    "10_bytes.lua": r"""describe("\27[31m\xff<&>]]>#\"'", function()
  it("\r\n\7 fails", { tags = { "bytes" } }, function() error("\27]0;x\7\xfe\n...\nok 1") end)
  it("\x85 passes", function() print("\27[2J\xff") end)
end)
""",
    "11_lines.dsh": "device eth0\nkmalloc 64 nosuch\n",
    "12_tags.lua": """for i = 1, 5 do it("one of five", { tags = { "slow" } }, function() end) end
pending("later")
""",
}
# 04 1, 05 0, 07 0: by a limit
STATUS = ("pppp fpff ffp pfp fp pp fp f f fp f ppppp-").replace(" ", "")
LIMITS = ("--timeout", SECONDS, "--mem", "16M")


def rows_of(text):
    return [json.loads(line) for line in text.decode().splitlines()]


def letters(rows):
    return "".join({"passed": "p", "failed": "f", "pending": "-"}.get(row["status"], "?")
                   for row in rows if row["event"] == "scenario")


def every_format_has_every_result(directory):
    project(directory, FILES)
    done = run(directory, *LIMITS, "-j3", *(f"--report={form}={form}" for form in FORMATS), ".")
    assert done.returncode == 1 and not done.stderr, done.stderr
    failed, passed = STATUS.count("f"), STATUS.count("p")
    read = {}
    for form in FORMATS:
        with open(os.path.join(directory, form), "rb") as f:
            read[form] = f.read()
        assert not re.search(b"[\0-\x09\x0b-\x1f\x7f]", read[form]), form
    assert letters(rows_of(read["json"])) == STATUS, letters(rows_of(read["json"]))
    assert f"{passed} passed, {failed} failed, 1 pending" in read["pretty"].decode()
    for form in ("tap", "tap14"):
        points = re.findall(rb"^(ok|not ok) \d+ - (.*)$", read[form], re.M)
        assert [ok for ok, _ in points].count(b"not ok") == failed and len(points) == len(STATUS)
    root = xml.etree.ElementTree.fromstring(read["junit"])
    assert (len(root), root.get("failures"), root.get("skipped")) == (12, str(failed), "1")
    assert f"# Totals: pass:{passed} fail:{failed} skip:1 total:{len(STATUS)}" in read["ktap"].decode()
    assert read["github"].count(b"::error ") == failed
    if shutil.which("xmllint"):
        subprocess.run(["xmllint", "--noout", "junit"], cwd=directory, check=True)
    if shutil.which("prove"):
        done = subprocess.run(["prove", "-e", "cat", "tap"], cwd=directory, check=False, capture_output=True)
        assert f"Tests: {len(STATUS)} Failed: {failed}".encode() in done.stdout, done.stdout
        assert b"Parse errors" not in done.stdout


def every_selection_is_a_part_of_it(directory):
    project(directory, FILES)
    listed = run(directory, "--list", "--format=json", ".")
    ids = [row["id"] for row in rows_of(listed.stdout)]
    assert len(set(ids)) == len(ids) == len(STATUS) - 2  # two files cannot be loaded
    whole = {}
    for args, wanted in (((), None), (("--tag=slow",), 5 + 2), (("--filter=PASSES$",), 1 + 2),
                         (("--exclude=.",), 2), (("--shuffle", "--seed=3"), len(STATUS)),
                         (("--exclude-tag=slow",), len(STATUS) - 5), (("--leak-check=error",), len(STATUS))):
        done = run(directory, *LIMITS, "--format=json", *args, ".")
        rows = [row for row in rows_of(done.stdout) if row["event"] == "scenario"]
        got = {(row["file"], row["id"]): row["status"] for row in rows}
        assert done.returncode == 1 and len(rows) == len(got) == (wanted or len(STATUS)), (args, len(rows))
        whole = whole or got
        for key, status in got.items():
            assert status == whole[key] or key[0] == "06_leaking.lua", (args, key, status)
    for k in (1, 2, 3):
        run(directory, *LIMITS, "--shard", f"{k}/3", f"--report=json={k}.jsonl", ".")
    done = subprocess.run([DEVSH, "report", "merge", "--format=json", "1.jsonl", "2.jsonl", "3.jsonl"],
                          cwd=directory, check=False, capture_output=True)
    assert letters(rows_of(done.stdout)) == STATUS and not done.stderr, done


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        return [int(child) for child in f.read().split()]


def kill_one(rand, process):
    """A signal, or None: it was over before."""
    sig = rand.choice([signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL, signal.SIGKILL])
    if sig != signal.SIGKILL:
        process.send_signal(sig)
        return sig
    try:
        workers = children(process.pid)
        if not workers:
            return None
        os.kill(rand.choice(workers), sig)
    except (ProcessLookupError, FileNotFoundError):
        return None
    return sig


def check_round(rows, sig, status, expected):
    names = [(row["file"], row["name"]) for row in rows if row["event"] == "scenario"]
    assert len(set(names)) == len(names), "a result twice"
    states = {name: row["status"] for name, row in zip(names, rows[1:])}
    files = {file for file, name in names if name == "(the file itself)"}
    for name in expected:
        assert name in states or name[0] in files, f"{name} is lost"
    assert rows[-1]["event"] == "end" and len(rows) == len(names) + 2, rows[-1]
    if sig in (None, signal.SIGKILL):
        wrong = [row for row in rows if row.get("status", "passed") != "passed"]
        assert not files and len(wrong) <= (sig is not None), wrong
        assert all("ended by signal 9" in row["message"] for row in wrong), wrong
        assert status == (1 if wrong else 0), status
    else:
        # one that came after the end ends the process all the same
        assert status in (128 + sig, -sig), status
        assert set(states.values()) <= {"passed", "interrupted", "not run"}, states


def killed_runs_lose_no_result(directory):
    rand = random.Random(SEED)
    busy = "for n = 1, 40 do kfree(kmalloc(8)) end"
    project(directory, {f"{n:02}.lua": [busy] * 8 for n in range(10)})
    expected = [(f"{n:02}.lua", f"{n:02} {i}") for n in range(10) for i in range(8)]
    for number in range(ROUNDS):
        process = subprocess.Popen(
            [DEVSH, "run", "-j2", "--format=tap", "--report=json=r.jsonl", "--report=junit=r.xml", "."],
            cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        head = b"".join(process.stdout.readline() for _ in range(rand.randrange(1, 82)))
        try:
            sig = kill_one(rand, process) if process.poll() is None else None
        except ProcessLookupError:
            sig = None
        out = head + process.stdout.read()
        process.stdout.close()
        process.stderr.close()
        status = process.wait()
        with open(os.path.join(directory, "r.jsonl"), "rb") as f:
            rows = rows_of(f.read())
        if status in (0, 1) and sig not in (None, signal.SIGKILL):
            sig = None  # it came after the end
        try:
            check_round(rows, sig, status, expected)
            points = len(re.findall(rb"^(?:not )?ok ", out, re.M))
            assert points == len(rows) - 2 and f"1..{points}".encode() in out, points
            cases = xml.etree.ElementTree.parse(os.path.join(directory, "r.xml")).iter("testcase")
            assert len(list(cases)) == points
        except AssertionError as error:
            raise AssertionError(f"round {number} of seed {SEED}, signal {sig}: {error}") from error


tests([every_format_has_every_result, every_selection_is_a_part_of_it, killed_runs_lose_no_result])
