# SPDX-License-Identifier: MIT
"""Reports of devsh run, read by those they are made for.

Usage: test_reports.py DEVSH; prints TAP.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree

from project import DEVSH, FORMATS, project, run, tests

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "pty"))
from terminal import Terminal  # noqa: E402 pylint: disable=wrong-import-position

# names and messages of any bytes; \\xNN is Lua's
FILES = {
    "good.lua": ["", "print('x')"],
    "bad.lua": ["assert.equal(1, 2)", "", "error('two\\nlines')"],
    "bytes.lua": r"""describe("\27[31mred\xff\0 <&>\"' ]]> %s # \\ \xef\xbf\xbf\r\n  ---\\0z", function()
  it("fails", function() error("\27]0;title\7\xfe\xe2\x80\xae ]]>\n  ...\nok 9 - not mine") end)
  it("prints\x85", function() print("\27[2J\xff\t.") error("\r") end)
end)
""",
    "syntax.lua": "x = = 1",
    "lines.dsh": "device eth0\nkmalloc 64 nosuch\n",
}
SCENARIOS, FAILED = 9, 6


def everything(directory):
    """Every format at once, of one run."""
    project(directory, FILES)
    done = run(directory, *(f"--report={form}={form}" for form in FORMATS), ".")
    assert done.returncode == 1 and not done.stderr, (done.returncode, done.stderr)
    read = {}
    for form in FORMATS:
        with open(os.path.join(directory, form), "rb") as f:
            read[form] = f.read()
    return read


def no_byte_of_a_scenario_reaches_a_report_raw(directory):
    for form, report in everything(directory).items():
        text = report.decode("utf-8")  # or raises
        assert not re.search("[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text), (form, text)
        assert form == "github" or "title" in text, form


def tap_is_what_prove_reads(directory):
    if not shutil.which("prove"):
        return "prove is missing (Debian: perl)"
    everything(directory)
    done = subprocess.run(["prove", "-v", "-e", "cat", "tap"], cwd=directory, check=False,
                          capture_output=True, text=True)
    found = re.search(r"Tests: (\d+) Failed: (\d+)", done.stdout)
    assert found and found.groups() == (str(SCENARIOS), str(FAILED)), done.stdout
    assert "Parse errors" not in done.stdout, done.stdout
    return None


def tap_has_a_plan_and_one_line_for_each(directory):
    for form in ("tap", "tap14"):
        lines = everything(directory)[form].decode().splitlines()
        assert lines[0] == {"tap": "TAP version 13", "tap14": "TAP version 14"}[form]
        assert lines[-1] == f"1..{SCENARIOS}"
        points = [line for line in lines if re.match("(not )?ok ", line)]
        assert [int(re.search(r"ok (\d+) - ", line).group(1)) for line in points] == list(
            range(1, SCENARIOS + 1))
        assert sum(line.startswith("not") for line in points) == FAILED


def ktap_is_nested_by_file(directory):
    lines = everything(directory)["ktap"].decode().splitlines()
    assert lines[:2] == ["KTAP version 1", f"1..{len(FILES)}"]
    outer = [line for line in lines if re.match("(not )?ok ", line)]
    assert outer == ["not ok 1 bad.lua", "not ok 2 bytes.lua", "ok 3 good.lua", "not ok 4 lines.dsh",
                     "not ok 5 syntax.lua"], outer
    assert lines[-1] == f"# Totals: pass:{SCENARIOS - FAILED} fail:{FAILED} skip:0 total:{SCENARIOS}"
    # a directive begins with '#': a name has none
    assert not [line for line in lines if re.match(" *(not )?ok ", line) and "#" in line]


def junit_is_xml_with_a_suite_for_each_file(directory):
    everything(directory)
    path = os.path.join(directory, "junit")
    if shutil.which("xmllint"):
        subprocess.run(["xmllint", "--noout", path], check=True)
    root = xml.etree.ElementTree.parse(path).getroot()
    suites = root.findall("testsuite")
    assert [suite.get("file") for suite in suites] == sorted(FILES)
    assert (root.get("tests"), root.get("failures")) == (str(SCENARIOS), str(FAILED))
    for suite in suites:
        cases = suite.findall("testcase")
        failures = [case for case in cases if case.find("failure") is not None]
        assert (int(suite.get("tests")), int(suite.get("failures"))) == (len(cases), len(failures))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp"))
        names = {p.get("name"): p.get("value") for p in suite.iter("property")}
        assert names["seed"] == "1" and names["release"] and names["devsh"], names
        assert abs(float(suite.get("time")) - sum(float(case.get("time")) for case in cases)) < 1e-3
    lines = [case.get("line") for case in suites[0]]
    assert [line for line in lines if line] == ["2", "3", "4"], lines


def json_has_an_object_in_each_line(directory):
    rows = [json.loads(line) for line in everything(directory)["json"].decode().splitlines()]
    assert [row["event"] for row in rows] == ["begin", *["scenario"] * SCENARIOS, "end"]
    assert rows[0]["schema"] == "devsh.run/1" and rows[-1]["failed"] == FAILED
    bad = next(row for row in rows if row.get("message") == "expected 1, got 2")
    assert (bad["file"], bad["line"], bad["at"], bad["status"]) == ("bad.lua", 2, "bad.lua:2", "failed")


def github_annotates_each_failure(directory):
    lines = everything(directory)["github"].decode().splitlines()
    notes = [line for line in lines if line.startswith("::")]
    assert len(notes) == FAILED == len(lines) - 1, lines
    assert notes[0].startswith("::error file=bad.lua,line=2,title=bad 0::expected 1, got 2%0A"), notes[0]
    for note in notes:
        assert re.fullmatch(r"::error file=[\w.]+(,line=\d+)?,title=[^,:]*::.*", note), note


def a_report_that_cannot_be_written_leaves_the_others(directory):
    project(directory, FILES)
    done = run(directory, "--report=json=no/such", "--report=tap=/dev/full", "--report=junit=x.xml", ".")
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "devsh: no/such: the report was not written: No such file or directory",
        "devsh: /dev/full: the report was not written: No space left on device"], done.stderr
    assert b"3 passed, 6 failed" in done.stdout
    assert len(list(xml.etree.ElementTree.parse(os.path.join(directory, "x.xml")).iter("testcase"))) == 9
    # nobody reads standard output: the file is complete all the same
    os.unlink(os.path.join(directory, "x.xml"))
    read, write = os.pipe()
    os.close(read)
    done = run(directory, "--report=junit=x.xml", ".", stdout=write)
    os.close(write)
    assert done.returncode == 2 and not done.stderr
    assert len(list(xml.etree.ElementTree.parse(os.path.join(directory, "x.xml")).iter("testcase"))) == 9
    for text, wrong in (("junit", "junit: wants FORMAT=FILE"), ("junit=", "junit=: wants FORMAT=FILE"),
                        ("html=x", "html: wants pretty, tap,"), ("=x", ": wants pretty, tap,")):
        done = run(directory, "--report", text, ".")
        assert done.returncode == 2 and f"devsh: --report {wrong}" in done.stderr.decode(), done.stderr


def the_line_that_runs_it_again_does(directory):
    project(directory, {"it's $HOME.lua": FILES["bad.lua"], "-j.lua": FILES["bad.lua"], "\x1b\n.lua": ["error('x')"],
                        "boot.lua": ["assert.equal('4.19', machine()[1].release) error('x')"]})
    done = run(directory, "--format=json", "--seed=7", "--boot=release=4.19 arch=arm64", "--timeout=20s", ".")
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    failed = [row for row in rows if row.get("status") == "failed"]
    assert len(failed) == 6, failed
    for row in failed:
        assert row["reproduce"].endswith(" --seed=7 --boot='release=4.19 arch=arm64' --timeout=20000ms"), row
        script = row["reproduce"].replace("devsh ", '"$DEVSH" ', 1) + " --format=json"
        again = subprocess.run(["bash", "-c", script], cwd=directory, check=False, stdout=subprocess.PIPE,
                               env=dict(os.environ, DEVSH=DEVSH))
        rows = [json.loads(line) for line in again.stdout.decode().splitlines()]
        got = [one for one in rows if one["event"] == "scenario"]
        assert len(got) == 1, (script, got)
        for what in ("name", "line", "message", "log", "output"):
            assert got[0].get(what) == row.get(what), (script, got)


def failures_of(directory, *args):
    done = run(directory, "--format=json", *args)
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return [row for row in rows if row.get("status") == "failed"]


def a_failure_shows_where_why_and_what_differs(directory):
    project(directory, {"a.lua": """local function helper(got)
  assert.same({ a = 1, b = { c = 2 }, ["odd key"] = 1, l = { 1, 2 } }, got, "the test's own words")
end
describe("a", function()
  before_each(function() device("eth0") end)
  it("by key", function()
    helper({ a = 1, b = { c = 3 }, d = 4, l = { 1 } })
  end)
  it("by line", function() assert.equal("a\\nb\\nc\\nd\\n", "a\\nb\\nC\\nx\\nd\\n") end)
  it("in a probe", function()
    local function inner(d) devm_kmalloc(d, 99) assert.is_nil(1) end
    bind("eth0", driver{ name = "d", probe = function(d) inner(d) end })
  end)
  it("after another error", function()
    local d = driver{ name = "d", probe = function(dev) devm_kmalloc(dev, 99) error("boo") end }
    assert.has_error(function() bind("eth0", d) end)
    devm_kmalloc("eth0", 88)
    assert.is_true(false)
  end)
end)
"""})
    keys, lines, probe, after = failures_of(directory, ".")
    assert keys["at"] == "a.lua:2" and keys["traceback"] == "a.lua:7: in the scenario\n", keys
    assert keys["message"].splitlines() == [
        "the test's own words", "the contents of the tables differ:", "  b.c: expected 2, got 3",
        "  d: expected nothing, got 4", "  l[2]: expected 2, got nothing",
        '  ["odd key"]: expected 1, got nothing'], keys["message"]
    assert keys["expected"].startswith("{ a = 1, b = { c = 2 }") and "d = 4" in keys["got"]
    assert lines["message"].splitlines() == [
        "expected (-) and got (+) differ at line 3:", "    b", "  - c", "  + C", "  + x", "    d"]
    assert probe["at"] == "a.lua:11" and "99" in probe["lists"], probe
    assert probe["traceback"] == (
        "a.lua:12: in a function called by bind\na.lua:12: in the scenario\n"), probe["traceback"]
    # what was wrong earlier and was expected is not the machine of this failure
    assert " 88 " in after["lists"] and "99" not in after["lists"] and "traceback" not in after, after


def shell_lines_fail_with_line_and_log(directory):
    project(directory, {
        "line.dsh": "device eth0\nq = kmalloc 64\nwarns devm { devm_kfree eth0 $q }\nkmalloc 64 nosuch\n",
        "probe.dsh": "device eth0\ndriver d probe={\n  kmalloc nosuch\n}\nbind eth0 d\n",
        "syntax.dsh": "device eth0\ndevice }\n", "lua.dsh": "\nlua error('in Lua')\n"})
    line, in_lua, probe, syntax = failures_of(directory, ".")
    assert line["at"] == "line.dsh:4" and line["message"].startswith("kmalloc: gfp 'nosuch'"), line
    assert "WARNING: " in line["log"] and "devm_kfree" in line["log"]
    assert (in_lua["at"], in_lua["message"]) == ("lua.dsh:2", "in Lua"), in_lua
    assert probe["at"] == "probe.dsh:5" and "probe.dsh:3:" in probe["output"], probe
    assert syntax["at"] == "syntax.dsh:2", syntax


def the_prompt_opens_at_the_failure(directory):
    project(directory, {"a.dsh": "device eth0\np = devm_kzalloc eth0 64\nkmalloc 64 nosuch\ndevice eth1\n",
                        "b.lua": ["", "device('eth2') error('boo')", "device('eth3')"]})
    assert b"--debug: wants a terminal" in run(directory, "--debug", "a.dsh").stderr
    env = dict(os.environ, DEVSH_HISTFILE="", INPUTRC="/dev/null", LC_ALL="C.UTF-8")
    for name, device, line, undone in (("a.dsh", "eth0", "undo", "undone: step 2, p = devm_kzalloc eth0 64"),
                                       ("b.lua", "eth2", "device eth9; undo", "undone: step 2, device eth9")):
        with Terminal([DEVSH, "run", "--debug", name], env, cwd=directory) as terminal:
            terminal.expect("to run it again:")
            terminal.expect("devsh> ")
            terminal.send("devices\r")
            shown = terminal.expect(re.compile("platform .*devsh> ", re.S)).group()
            assert device in shown and "eth1" not in shown and "eth3" not in shown, shown
            terminal.send(line + "\r")
            terminal.expect(re.compile(re.escape(undone) + ".*devsh> ", re.S))
            terminal.send("\x04")
            assert terminal.wait() == 1, name


tests([
    no_byte_of_a_scenario_reaches_a_report_raw, tap_is_what_prove_reads,
    tap_has_a_plan_and_one_line_for_each, ktap_is_nested_by_file,
    junit_is_xml_with_a_suite_for_each_file, json_has_an_object_in_each_line,
    github_annotates_each_failure, a_report_that_cannot_be_written_leaves_the_others,
    the_line_that_runs_it_again_does, a_failure_shows_where_why_and_what_differs,
    shell_lines_fail_with_line_and_log, the_prompt_opens_at_the_failure,
])
