# SPDX-License-Identifier: MIT
"""Which scenarios devsh run runs, in which order and how often; reports that are merged.

Usage: test_select.py DEVSH; prints TAP.
"""
import json
import os
import re
import signal
import subprocess
import xml.etree.ElementTree

from project import DEVSH, SECONDS, lua, project, run, tests

FILES = {
    "a.lua": """describe("alpha", function()
  it("one", function() end)
  it("two", { tags = { "slow", "net" } }, function()
    error("two")
  end)
  it("Three #net", function() end)
  for i = 1, 3 do it("loop " .. i, function() assert.is_not.equal(2, i) end) end
end)
describe("beta", { tags = { "slow" } }, function() it("four", function() end) end)
""",
    "b.lua": """it("top", function() end)
it("random", function() local d = device("e") error(tostring(math.random(1 << 40))) end)
""",
    "c.dsh": "device eth0\n",
}
ALL = ["alpha one", "alpha two", "alpha Three #net", "alpha loop 1", "alpha loop 2", "alpha loop 3",
       "beta four", "top", "random", "c.dsh"]
FAILED = ["alpha two", "alpha loop 2", "random"]


def results(directory, *args):
    """(name, status) of each, in the order of the report."""
    done = run(directory, "--format=json", *args)
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return [(row["name"], row["status"]) for row in rows if row["event"] == "scenario"]


def names(directory, *args):
    return [name for name, _ in results(directory, *args)]


def names_and_tags_select(directory):
    project(directory, FILES)
    for args, wanted in (
            ((), ALL), (("--filter=TWO",), ["alpha two"]), (("--filter", "^top$|four"), ["beta four", "top"]),
            (("--filter=one", "--filter=two"), ["alpha one", "alpha two"]),
            (("--exclude=alpha", "--exclude=^c"), ["beta four", "top", "random"]),
            (("--tag=slow",), ["alpha two", "beta four"]), (("--tag=net",), ["alpha two", "alpha Three #net"]),
            (("--tag=net", "--exclude-tag=slow"), ["alpha Three #net"]),
            (("--tag=slow", "--filter=four"), ["beta four"])):
        assert names(directory, *args, ".") == wanted, (args, names(directory, *args, "."))
    done = run(directory, "--filter=(", ".")
    assert done.returncode == 2 and b"--filter (: wants a regular expression: " in done.stderr, done.stderr
    done = run(directory, "--filter=nothing", ".")
    assert done.returncode == 1 and done.stderr == b"devsh: no scenario ran\n", done.stderr


def what_is_listed_can_be_run(directory):
    project(directory, FILES)
    listed = run(directory, "--list", ".").stdout.decode().splitlines()
    assert [line.split(": ", 1)[1] for line in listed] == ALL, listed
    for line in listed:
        place, name = line.split(": ", 1)
        assert name in names(directory, place), (place, name)
    assert names(directory, "a.lua:3") == names(directory, "a.lua:4") == ["alpha two"]
    done = run(directory, "a.lua:1")
    assert done.returncode == 1 and b"no scenario is at line 1" in done.stdout, done.stdout
    assert names(directory, "b.lua:1", "a.lua:2") == ["top", "alpha one"]


def wrong_tags_are_errors(directory):
    for text, wrong in (('it("x", { tag = "y" }, function() end)', "it: no such option: tag; tags is one"),
                        ('it("x", { tags = { "a b" } }, function() end)', 'it: tag "a b": wants a word'),
                        ('it("x", { tags = "y" }, function() end)', "it tags: wants a table, got string"),
                        ('it("x", { tags = {} })', "it: wants a function, got table"),
                        ('describe("x", 1, function() end)', "describe options: wants a table, got number")):
        project(directory, {"a.lua": text})
        done = run(directory, "a.lua")
        assert f"a.lua:1: {wrong}".encode() in done.stdout and done.returncode == 1, (text, done.stdout)


def the_list_has_stable_ids(directory):
    project(directory, FILES)

    def listed(*args):
        rows = [json.loads(line) for line in
                run(directory, "--list", "--format=json", *args).stdout.decode().splitlines()]
        return {row["id"]: (row["file"], row["name"]) for row in rows}, rows

    before, rows = listed(".")
    assert len(before) == len(ALL) and rows[1]["tags"] == ["slow", "net"] and rows[1]["line"] == 3, rows
    project(directory, {"a.lua": "-- a line more\n\n" + FILES["a.lua"]})
    assert listed(".")[0] == before
    assert set(listed("./a.lua", ".//b.lua", "c.dsh")[0]) == set(before)
    project(directory, {"a.lua": 'for i = 1, 3 do it("same", function() end) end'})
    assert len(listed("a.lua")[0]) == 3


def shards_are_a_partition(directory):
    project(directory, {f"{n}.lua": [""] * 20 for n in range(5)})
    everything = names(directory, ".")
    parts = [names(directory, "--shard", f"{k}/4", ".") for k in range(1, 5)]
    assert sorted(sum(parts, [])) == sorted(everything) and len(everything) == 100
    assert all(len(part) > 10 for part in parts), [len(part) for part in parts]
    assert parts[1] == names(directory, "--shard=2/4", "-j1", "."), "always the same"
    done = run(directory, "--shard=1000/1000", "0.lua")
    assert done.returncode == 0 and done.stderr == b"devsh: no scenario is in shard 1000/1000\n", done
    for wrong in ("0/4", "5/4", "1", "a/b", "1/"):
        done = run(directory, "--shard", wrong, ".")
        assert done.returncode == 2 and f"--shard {wrong}: wants K/N".encode() in done.stderr, done.stderr


def merged_shards_are_the_whole_run(directory):
    project(directory, {**FILES, "d.lua": "x = = 1", "e.lua": 'error("\\27")'})
    reports = []
    for k in (3, 1, 2):
        reports.append(f"{k}.jsonl")
        run(directory, "--shard", f"{k}/3", f"--report=json={k}.jsonl", ".")

    def merge(*args):
        return subprocess.run([DEVSH, "report", "merge", *args], cwd=directory, capture_output=True, check=False)

    whole = run(directory, "--format=tap", ".")
    merged = merge("--format=tap", *reports)
    assert merged.stdout == whole.stdout and merged.returncode == 1 and not merged.stderr, merged
    done = merge("--report", "junit=x.xml", *reports)
    assert b"7 passed, 5 failed" in done.stdout, done.stdout
    root = xml.etree.ElementTree.parse(os.path.join(directory, "x.xml")).getroot()
    assert root.get("tests") == "12" and len(root) == 5
    done = merge(*reports[:2])
    assert done.returncode == 2 and done.stderr == b"devsh: shard 2/3 is missing\n", done.stderr
    with open(os.path.join(directory, "1.jsonl"), "rb+") as f:
        text = f.read()
        f.truncate(len(text) - len(text.splitlines(True)[-1]))
    done = merge(*reports)
    assert done.returncode == 2 and b"1.jsonl: the report is not whole" in done.stderr, done.stderr
    assert b"7 passed, 5 failed" in done.stdout
    with open(os.path.join(directory, "1.jsonl"), "rb+") as f:
        f.truncate(len(text) // 2)
    done = merge(*reports)
    assert done.returncode == 2 and b"is not one of a report by --format=json" in done.stderr, done.stderr
    for wrong in ("a.lua", "no such", "."):
        assert merge(wrong).returncode == 2
    # the same scenarios on two releases are two results
    for release in ("4.19", "6.12"):
        run(directory, f"--boot=release={release}", f"--report=json={release}", "b.lua")
    done = merge("4.19", "6.12")
    assert b"top (4.19, release=4.19, seed 1)" in done.stdout and b"2 passed, 2 failed" in done.stdout


def what_failed_runs_again(directory):
    project(directory, FILES)
    os.environ["XDG_STATE_HOME"] = os.path.join(directory, "state")
    os.mkdir(os.environ["XDG_STATE_HOME"])
    try:
        done = run(directory, "--last-failed", ".")
        assert b"nothing of these failed the last time: all are run" in done.stderr, done.stderr
        assert names(directory, "--last-failed", ".") == FAILED
        assert names(directory, "--last-failed", "b.lua") == ["random"]
        # a run of others forgets nothing; one that passes now is forgotten
        names(directory, "c.dsh")
        project(directory, {"a.lua": FILES["a.lua"].replace('error("two")', "")})
        assert names(directory, "--last-failed", ".") == FAILED
        assert names(directory, "--last-failed", ".") == FAILED[1:]
        project(directory, {"b.lua": "x = = 1"})
        assert names(directory, ".")[-2:] == ["(the file itself)", "c.dsh"]
        assert names(directory, "--last-failed", ".") == ["alpha loop 2", "(the file itself)"]
        project(directory, {"b.lua": FILES["b.lua"]})
        assert names(directory, "--last-failed", ".") == ["alpha loop 2", "top", "random"]
        assert names(directory, "--last-failed", ".") == ["alpha loop 2", "random"]
    finally:
        os.environ["XDG_STATE_HOME"] = STATE


def failing_fast_is_the_same_for_any_number_of_workers(directory):
    project(directory, {f"{n}.lua": ["", "error('x')", ""] for n in range(6)})
    for args, ran in ((("--fail-fast",), 2), (("--fail-fast=3",), 8)):
        alone = results(directory, *args, "-j0", ".")
        assert [status for _, status in alone[:ran]].count("failed") == (ran + 1) // 3
        assert {status for _, status in alone[ran:]} == {"not run"}, alone
        for workers in ("-j1", "-j4"):
            assert results(directory, *args, workers, ".") == alone, workers
    done = run(directory, "--fail-fast=0", ".")
    assert done.returncode == 2 and b"--fail-fast=0: wants a number" in done.stderr


def orders_come_from_the_seed(directory):
    project(directory, {f"{n}.lua": [""] * 5 for n in range(5)})
    plain = names(directory, ".")
    first = names(directory, "--shuffle", "--seed=1", ".")
    assert sorted(first) == sorted(plain) and first != plain
    assert first == names(directory, "--shuffle", "--seed=1", "-j1", ".")
    assert first != names(directory, "--shuffle", "--seed=2", ".")
    for form, line in (("pretty", "shuffled by seed 5"), ("tap", "# shuffled by seed 5"),
                       ("junit", '<property name="seed" value="5"/>'), ("json", '"shuffled":true')):
        assert line in run(directory, "--shuffle", "--seed=5", "--format", form, ".").stdout.decode(), form


def each_repetition_has_the_next_seed(directory):
    project(directory, FILES)
    done = run(directory, "--repeat=3", "--seed=7", "--format=json", "b.lua:2")
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()[1:-1]]
    assert [row["name"] for row in rows] == [f"random (seed {n})" for n in (7, 8, 9)], rows
    assert len({row["id"] for row in rows}) == 1
    for row, seed in zip(rows, (7, 8, 9)):
        assert row["reproduce"] == f"devsh run b.lua:2 --seed={seed}", row
        again = run(directory, "b.lua:2", f"--seed={seed}", "--format=json")
        assert json.loads(again.stdout.decode().splitlines()[1])["log"] == row["log"]
    assert names(directory, "--repeat=2", "c.dsh") == ["c.dsh (seed 1)", "c.dsh (seed 2)"]
    # at one line there are three: the pattern says which
    done = run(directory, "--repeat=2", "--format=json", "--filter=loop 2", ".")
    row = json.loads(done.stdout.decode().splitlines()[2])
    assert row["reproduce"] == "devsh run a.lua:7 --filter='^alpha loop 2$' --seed=2", row


def a_pass_at_a_later_try_is_flaky(directory):
    project(directory, {
        "a.lua": """local n = 0
it("flaky", function() n = n + 1 if n < 3 then error("try " .. n) end end)
it("bad", function() error("always") end)
""",
        # it dies with its worker, and is tried again in another one
        "b.lua": ["", "while true do end", ""]})
    done = run(directory, "--retries=2", "--format=json", "a.lua")
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()[1:]]
    assert [(row.get("status"), row.get("tries")) for row in rows[:2]] == [("passed", 3), ("failed", 3)], rows
    assert rows[0]["message"] == "try 1" and rows[-1]["flaky"] == 1
    done = run(directory, "--retries=1", f"--timeout={SECONDS}", "--format=json", "b.lua")
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()[1:]]
    assert [(row.get("status"), row.get("tries")) for row in rows[:3]] == [
        ("passed", 1), ("failed", 2), ("passed", 1)], rows
    for form, text in (("pretty", "(flaky: passed at try 3)"), ("pretty", "1 passed, 1 failed, 1 flaky"),
                       ("tap", "# flaky: passed at try 3"), ("ktap", "# flaky: passed at try 3"),
                       ("junit", '<flakyFailure message="try 1"'), ("github", "::flaky: try 1")):
        shown = run(directory, "--retries=2", "--format", form, "a.lua").stdout.decode()
        assert text in shown, (form, shown)
    assert run(directory, "--retries=2", "a.lua:2").returncode == 0


def the_slowest_are_listed(directory):
    project(directory, {"a.lua": [""] * 3})
    shown = run(directory, "--durations=2", "a.lua").stdout.decode()
    rows = re.search(r"the slowest:\n((?: +\d+\.\d{3} s  a\.lua:\d  a \d\n){2})\Z", shown).group(1).splitlines()
    assert rows[0].split()[0] >= rows[1].split()[0], rows
    done = run(directory, "--durations", "--format=tap", "a.lua")
    assert b"the slowest" in done.stderr and b"the slowest" not in done.stdout


def watching_runs_again_after_a_change(directory):
    project(directory, {"a.lua": ["error('before')"]})
    process = subprocess.Popen([DEVSH, "run", "--watch", "."], cwd=directory, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def upto(text):
        line = b""
        while text not in line:
            line = process.stdout.readline()
            assert line, text

    try:
        upto(b"0 passed, 1 failed")
        upto(b"waiting for a change")
        with open(os.path.join(directory, "new"), "w", encoding="utf-8") as f:
            f.write(lua("a", ["", ""]))
        os.rename(os.path.join(directory, "new"), os.path.join(directory, "a.lua"))
        upto(b"2 passed, 0 failed")
        upto(b"waiting for a change")
    finally:
        process.send_signal(signal.SIGINT)
    assert process.wait() == 130


STATE = os.path.join(os.path.abspath(os.sep), "nonexistent")
os.environ["XDG_STATE_HOME"] = STATE
tests([
    names_and_tags_select, what_is_listed_can_be_run, wrong_tags_are_errors, the_list_has_stable_ids,
    shards_are_a_partition, merged_shards_are_the_whole_run, what_failed_runs_again,
    failing_fast_is_the_same_for_any_number_of_workers, orders_come_from_the_seed,
    each_repetition_has_the_next_seed, a_pass_at_a_later_try_is_flaky, the_slowest_are_listed,
    watching_runs_again_after_a_change,
])
