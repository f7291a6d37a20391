# SPDX-License-Identifier: MIT
"""devsh run, where things go wrong: scenarios that hang, workers that die, signals, no room.

Usage: test_run.py DEVSH; prints TAP.
"""
import json
import os
import random
import signal
import subprocess
import xml.etree.ElementTree

from project import DEVSH, FORMATS, SECONDS, SLOW_BY, begun, project, run, tests, untimed, words

SLOW = "while true do end"

FILES = {
    "a.lua": ["assert.equal(1, 1)", "assert.equal(1, 2)"],
    "b.lua": ["", SLOW, 's = ("a"):rep(40) s:find((".-"):rep(30) .. "b")',
              "setmetatable({}, { __gc = function() while true do end end }) collectgarbage()",
              "xpcall(error, function() while true do end end)",
              'for _ in ("a"):rep(40):gmatch((".-"):rep(30) .. "b") do end',
              'table.move({}, 1, math.maxinteger // 2, 2)', ""],
    "d.dsh": "device eth0\nkmalloc 64\n",
    "e.lua": ["local t = {} while true do t[#t + 1] = {} end", ""],
}


def every_hang_is_one_failure(directory):
    project(directory, FILES)
    for workers in ("1", "3"):
        done = run(directory, "-j", workers, "--timeout", SECONDS, "--mem", "16M", ".")
        expected = ["ok a 0", "FAIL a 1", "ok b 0", *(f"FAIL b {n}" for n in range(1, 7)), "ok b 7",
                    "ok d.dsh", "FAIL e 0", "ok e 1"]
        assert words(done) == expected, words(done)
        assert done.returncode == 1, done.returncode
        text = done.stdout.decode()
        assert f"took longer than {SLOW_BY} s and was stopped, in find(), b.lua:4" in text, text
        assert f"took longer than {SLOW_BY} s and was stopped, at b.lua:3" in text, text
        assert "not enough memory" in text, text


def the_report_is_the_same_for_any_number_of_workers(directory):
    project(directory, {f"{n:02}.lua": ["", "assert.equal(1, 2)", 'print("x")'] for n in range(12)})
    for form in FORMATS:
        alone = run(directory, "-j0", "--format", form, ".")
        assert alone.returncode == 1 and alone.stdout
        for workers in ("1", "2", "5"):
            assert untimed(run(directory, "-j", workers, "--format", form, ".")) == untimed(alone)


def a_file_that_hangs_while_it_is_loaded(directory):
    project(directory, {"a.lua": SLOW, "b.lua": [""]})
    done = run(directory, "--timeout", SECONDS, ".")
    assert words(done) == ["FAIL (the file itself)", "ok b 0"], words(done)
    assert done.returncode == 1


def workers_that_die_lose_one_scenario(directory):
    busy = "for n = 1, 300 do kfree(kmalloc(8)) end"
    project(directory, {f"{n:02}.lua": [busy] * 30 for n in range(8)})
    process, head = begun(directory, "-j2", "--format", "tap", ".")
    rand, killed = random.Random(1), 0
    while process.poll() is None and killed < 20:
        try:
            with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as f:
                children = [int(pid) for pid in f.read().split()]
            if children:
                os.kill(rand.choice(children), signal.SIGKILL)
                killed += 1
        except (ProcessLookupError, FileNotFoundError):
            pass
        head += process.stdout.readline()
    out = (head + process.stdout.read()).decode().splitlines()
    process.wait()
    failed = sum(line.startswith("not ok") for line in out)
    points = sum(line.startswith(("ok ", "not ok ")) for line in out)
    # a worker that dies between two scenarios loses none
    assert killed and 0 < failed <= killed, (killed, failed)
    assert points == 240, points
    assert f"1..{points}" in out
    assert process.returncode == 1, process.returncode


def signals_end_a_run_and_not_its_report(directory):
    project(directory, {"a.lua": ["", SLOW, ""], "b.lua": [""]})
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        process, head = begun(directory, "-j1", ".")
        process.send_signal(sig)
        out = (head + process.stdout.read()).decode()
        process.wait()
        assert process.returncode == 128 + sig, process.returncode
        # it may not have come to the second one
        begun_too = "stop  a 1" in out
        for line in ("ok    a 0", "  a 1", "----  a 2", "----  (the file itself)",
                     f"1 passed, {int(begun_too)} failed, {3 - begun_too} not run"):
            assert line in out, (line, out)
    process = subprocess.Popen([DEVSH, "run", "-j1", "--format", "junit", "a.lua"], cwd=directory,
                               stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    while True:  # its worker runs what never ends
        with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as f:
            if f.read().split():
                break
    process.send_signal(signal.SIGTERM)
    cases = xml.etree.ElementTree.fromstring(process.stdout.read()).iter("testcase")
    assert len(list(cases)) in (1, 3)
    assert process.wait() == 128 + signal.SIGTERM


def a_report_that_is_lost_is_an_error(directory):
    project(directory, {"a.lua": [""] * 3})
    for workers in ("0", "2"):
        for form in FORMATS:
            args = ("-j", workers, "--format", form, ".")
            with open("/dev/full", "wb") as full:
                done = run(directory, *args, stdout=full)
            assert done.returncode == 2, done.returncode
            assert b"the report was not written: No space left on device" in done.stderr
            done = run(directory, *args, preexec_fn=lambda: os.close(1), stdout=None)
            assert done.returncode == 2 and b"not written: Bad file descriptor" in done.stderr
            read, write = os.pipe()
            os.close(read)
            done = run(directory, *args, stdout=write)
            os.close(write)
            assert done.returncode == 2 and not done.stderr, (done.returncode, done.stderr)


def options_that_make_no_sense(directory):
    for args, text in (
            (("-j", "300", "."), "-j 300: wants a number of processes, 0 to 256"),
            (("-j", "x", "."), "-j x: wants a number of processes, 0 to 256"),
            (("--timeout", "soon", "."), "--timeout soon: wants a time"),
            (("--timeout", "-1s", "."), "--timeout -1s: wants a time"),
            (("--mem", "4", "."), "--mem 4: wants a size of 1M or more"),
            (("--format", "html", "."), "--format html: wants pretty, tap,")):
        done = run(directory, *args)
        assert done.returncode == 2 and text in done.stderr.decode(), (args, done.stderr)


def scenarios_are_independent(directory):
    project(directory, {"a.lua": """kept, list = 1, {}
it("first", function() new = 5 kept = 2 rawset(_G, "other", 1) print(math.random(1 << 50)) end)
it("second", function()
  assert.is_nil(rawget(_G, "new"))
  assert.is_nil(rawget(_G, "other"))
  assert.equal(1, kept)
  print(math.random(1 << 50))
end)
"""})

    def numbers(*args):
        done = run(directory, "--format=json", *args, "a.lua")
        rows = [json.loads(line) for line in done.stdout.decode().splitlines()[1:-1]]
        assert [row["status"] for row in rows] == ["passed"] * 2, rows
        return [row["output"] for row in rows]

    one, two = numbers()
    assert one == two and numbers("--seed=1") == [one, two]
    assert numbers("--seed=2")[0] != one and numbers("--seed=2") == numbers("--boot=seed=2")


def untrusted_scenarios_run_as_others_do(directory):
    if SLOW_BY > 2:
        return "sanitizers map more than an untrusted worker may"
    project(directory, FILES)
    args = ("--timeout", SECONDS, "--mem", "16M", ".")
    done = run(directory, "--untrusted", *args)
    if b"built without libseccomp" in done.stderr:
        assert done.returncode == 2
        return "devsh was built without libseccomp"
    assert words(done) == words(run(directory, *args)), words(done)
    for more in ("-j0", "--list", "--debug"):
        done = run(directory, "--untrusted", more, ".")
        assert done.returncode == 2 and b"--untrusted: wants workers" in done.stderr, done.stderr
    return None


tests([
    every_hang_is_one_failure, the_report_is_the_same_for_any_number_of_workers,
    a_file_that_hangs_while_it_is_loaded, workers_that_die_lose_one_scenario,
    signals_end_a_run_and_not_its_report, a_report_that_is_lost_is_an_error,
    options_that_make_no_sense, scenarios_are_independent, untrusted_scenarios_run_as_others_do,
])
