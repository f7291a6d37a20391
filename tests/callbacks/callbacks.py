#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Mistakes inside of callbacks: callbacks.py DEVSH

Each kind of callback, which the table of calls names, meets each kind of
mistake, in the shell and in Lua. The kernel may ignore what a callback
answers; devsh must say what was wrong once, run nothing behind it, and fail:
by its exit code, and by the verdict of `devsh run`. Prints TAP.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

DEVSH = os.path.abspath(sys.argv[1])

# (call, argument) with a callback: shell and Lua that have it called; { } is the callback.
# What comes behind '|' calls it, what is before only prepares that.
KINDS = {
    ("device", "release"): ("device a release={} | device_unregister a",
                            "device('a', { release = {} }) | device_unregister('a')"),
    ("device_initialize", "release"): ("d = device_initialize a release={} | put_device $d",
                                       "d = device_initialize('a', { release = {} }) | put_device(d)"),
    ("driver", "probe"): ("device a; driver d probe={} | bind a d",
                          "device('a') driver{ name = 'd', probe = {} } | bind('a', 'd')"),
    ("driver", "remove"): ("device a; driver d remove={}; bind a d | unbind a",
                           "device('a') driver{ name = 'd', remove = {} } bind('a', 'd') | unbind('a')"),
    ("define", "body"): ("device a; define f {}; devm_add_action a f | device_unregister a",
                         "device('a') define('f', {}) devm_add_action('a', 'f') | device_unregister('a')"),
    ("bus", "match"): ("bus b match={}; driver d bus=b | device a bus=b release={ echo }",
                       "bus('b', { match = {} }) driver{ name = 'd', bus = 'b' } | "
                       "device('a', { bus = 'b', release = print })"),
    ("bus", "probe"): ("bus b probe={}; driver d bus=b | device a bus=b release={ echo }",
                       "bus('b', { probe = {} }) driver{ name = 'd', bus = 'b' } | "
                       "device('a', { bus = 'b', release = print })"),
    ("bus", "remove"): ("bus b remove={}; driver d bus=b; device a bus=b release={ echo } | unbind a",
                        "bus('b', { remove = {} }) driver{ name = 'd', bus = 'b' } "
                        "device('a', { bus = 'b', release = print }) | unbind('a')"),
    ("bus", "dma_configure"): ("bus b dma_configure={}; driver d bus=b | device a bus=b release={ echo }",
                               "bus('b', { dma_configure = {} }) driver{ name = 'd', bus = 'b' } | "
                               "device('a', { bus = 'b', release = print })"),
    ("class", "dev_release"): ("class c dev_release={}; device a class=c | device_unregister a",
                               "class('c', { dev_release = {} }) device('a', { class = 'c' }) | "
                               "device_unregister('a')"),
    ("insmod", "init"): ("| insmod m init={}", "| insmod('m', { init = {} })"),
    ("insmod", "exit"): ("insmod m exit={} | rmmod m", "insmod('m', { exit = {} }) | rmmod('m')"),
    ("devm_add_action", "action"): ("device a; devm_add_action a {} | device_unregister a",
                                    "device('a') devm_add_action('a', {}) | device_unregister('a')"),
    ("devm_add_action_or_reset", "action"): (
        "device a; devm_add_action_or_reset a {} | device_unregister a",
        "device('a') devm_add_action_or_reset('a', {}) | device_unregister('a')"),
    ("devres_alloc", "release"): ("device a; r = devres_alloc {} 8; devres_add a $r | devres_release_all a",
                                  "device('a') r = devres_alloc({}, 8) devres_add('a', r) | "
                                  "devres_release_all('a')"),
    ("devres_find", "match"): ("device a; r = devres_alloc f 8; devres_add a $r | devres_find a f match={}",
                               "device('a') r = devres_alloc('f', 8) devres_add('a', r) | "
                               "devres_find('a', 'f', { match = {} })"),
    ("devres_for_each_res", "fn"): (
        "device a; r = devres_alloc f 8; devres_add a $r | devres_for_each_res a f fn={}",
        "device('a') r = devres_alloc('f', 8) devres_add('a', r) | devres_for_each_res('a', 'f', { fn = {} })"),
    ("in_atomic", "calls"): ("| in_atomic {}", "| in_atomic({})"),
    ("trace", "calls"): ("| trace {}", "| trace({})"),
}

# They are called as one above is, or never: they look for a function, or compare it.
LIKE = {
    "spin_lock_irqsave": "in_atomic", "local_irq_save": "in_atomic",
    "devres_get": "devres_find", "devres_remove": "devres_find", "devres_destroy": "devres_find",
    "devres_release": "devres_find", "devres_alloc_node": "devres_alloc", "devm_remove_action": None, "devm_remove_action_nowarn": None,
    "devm_release_action": None, "devm_is_action_added": None,
    # what fails in them is their verdict
    "faults": None, "compare": None, "warns": None, "repeat": None, "time": None,
}
LOOKS_FOR = {("devres_find", "release"), ("devres_for_each_res", "release"),
             ("devres_for_each_res", "match")}
NOT_OF_KERNEL = {"in_atomic", "trace"}  # whoever types it is the task, which a pcall outlives

NUMBER = {"probe", "init", "dma_configure"}  # must answer a number

SHELL = {
    "unknown call": ("$nosuch 8", "nosuchcall: no such call"),
    "failed call": ("unbind other", "unbind: -ENODEV: 'other' is not bound"),
    "NULL": ("p = kmalloc SIZE_MAX GFP_KERNEL|__GFP_NOWARN", "kmalloc: NULL"),
    "wrong argument": ("kmalloc 64 GFP_KERNL", "no such flag"),
    "not expected to succeed": ("! kmalloc 8", "'!' expects this to fail"),
    "error of Lua": ('lua error("boom")', "boom"),
    "wrong answer": ("return 5x", "wants a whole number"),
    "answer out of range": ("return 5000000000", "wants 0 or an errno"),
    "dead task": ("kfree 4096", "the kernel killed the task"),
    "dead task in Lua": ("lua pcall(kfree, 4096) print('goes on')", "the kernel killed the task"),
}
LUA = {
    "unknown call": ("nosuchcall(8)", "nosuchcall"),
    "wrong argument": ("kmalloc(64, 'GFP_KERNL')", "GFP_KERNL"),
    "error": ("error('boom')", "boom"),
    "dead task": ("pcall(kfree, 4096)", "the kernel killed the task"),
    "dead task in a coroutine": ("coroutine.wrap(function() pcall(kfree, 4096) end)()",
                                 "the kernel killed the task"),
}
WRONG = {'"-ENODEV"': '"-ENODEV"', "{}": "{", "0.5": "0.5", "false": "false", "print": "function"}

count = failed = 0


def check(name, wrong, out=""):
    global count, failed
    count += 1
    failed += bool(wrong)
    print(f"{'not ' if wrong else ''}ok {count} - {name}{': ' if wrong else ''}{wrong or ''}")
    for line in out.splitlines() if wrong else []:
        print("#", line)


def devsh(*args):
    done = subprocess.run([DEVSH, "--leak-check=no", *args], stdin=subprocess.DEVNULL, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode("utf-8", "backslashreplace")


def write(where, name, text):
    path = os.path.join(where, re.sub(r"\W+", "-", name.rsplit(".", 1)[0]) + "." + name.rsplit(".", 1)[1])
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def split(program, callback):
    return (part.strip().replace("{}", callback) for part in program.split("|"))


def run(name, path, want, message):
    status, out = devsh(path)
    lines = [line for line in out.splitlines() if not line.startswith("[")]
    told = [line for line in lines if message in line and re.search(r":\d+: ", line)]
    # who called it dies, too, and the line at the top says so
    wrong = (f"exit {status}, not {want}" if status not in want else
             "the callback did not run" if not any("begins" in line for line in lines) else
             "what is behind the mistake ran" if any("goes on" in line for line in lines) else
             "what is behind the callback ran" if any("after" in line for line in lines) else
             "nobody said it" if not told else
             "it was said twice" if len(set(told)) > 1 and "dead" not in name else None)
    check(name, wrong, out)


def shell(where, kind, mistake):
    line, message = SHELL[mistake]
    before, trigger = split(KINDS[kind][0], "{\n  echo begins\n  %s\n  echo goes on\n}" % line)
    text = f"nosuch = nosuchcall\ndevice other\n{before.replace('; ', chr(10))}\n{trigger}\necho after\n"
    name = f"{' '.join(kind)}: {mistake}"
    run("shell, " + name, write(where, name + ".dsh", text), {1, 4}, message)


def lua(where, kind, mistake, line, message):
    before, trigger = split(KINDS[kind][1], f"function() print('begins') {line} end")
    text = f"{before}\n{trigger}\nprint('after')\n"
    name = f"{' '.join(kind)}: {mistake}"
    run("Lua, " + name, write(where, name + ".lua", text), {4}, message)
    scenario = f"it('x', function()\n{before}\n{trigger}\nend)\n"
    if "dead" in mistake:
        scenario = f"it('x', function()\nassert.warns(function()\n{before}\n{trigger}\nend)\n" \
                   "assert.logged('Oops')\nend)\n"
    return write(where, name + ".scenario.lua", scenario), "dead" in mistake


def code_arguments():
    """What the table says of arguments that are code: (call, argument)."""
    calls = [row["call"] for row in json.loads(devsh("--json", "-c", "help")[1])[0]["rows"]]
    helps = json.loads(devsh("--json", "-c", "\n".join("help " + call for call in calls))[1])
    for call, rows in zip(calls, (entry["rows"] for entry in helps)):
        usage = " ".join(row["text"] for row in rows if row["part"] == "usage")
        for row in rows:
            if row["part"] == "argument" and (
                    row["name"] + "={...}" in usage or row["name"] == "body" or
                    re.search(r"function's name|release function|^a call, or|^the call$|^calls in", row["text"])):
                yield call, row["name"]


def all_kinds_are_here():
    got = list(code_arguments())
    new = [k for k in got if k not in KINDS and k not in LOOKS_FOR and k[0] not in LIKE]
    check("all callbacks of the table are tried", f"no test calls {new}" if new or len(got) < 20 else None)


def twenty(where):
    """Each fails differently, all are heard, and the exit code is honest."""
    lines = ["device a", "device other"]
    for i in range(20):
        mistake = (f"put_device gone{i}", f"kmalloc {i}x", f'lua error("boom {i}")', f"return {i}y")[i % 4]
        lines.append(f"devm_add_action a {{\n echo begins {i}\n {mistake}\n echo goes on\n}}")
    status, out = devsh(write(where, "twenty.dsh", "\n".join(lines + ["device_unregister a", "echo after"]) + "\n"))
    missing = [i for i in range(20) if not re.search(rf"error: .*(gone{i}'|'{i}[xy]'|boom {i}$)", out, re.M) or
               f"begins {i}\n" not in out]
    check("shell, twenty callbacks", f"exit {status}" if status not in (1, 4) else
          f"not heard: {missing}" if missing else "goes on" if "goes on" in out or "after" in out else None, out)
    text = "d = device('a')\nfor i = 1, 20 do devm_add_action(d, function()\n" \
           "  local p = kmalloc(8) kfree(p) print('begins ' .. i) error('boom ' .. i)\nend) end\n" \
           "device_unregister(d)\nprint('after')\n"
    status, out = devsh(write(where, "twenty.lua", text))
    missing = [i for i in range(1, 21) if not re.search(rf":3: boom {i}$", out, re.M) or f"begins {i}\n" not in out]
    check("Lua, twenty callbacks", f"exit {status}" if status != 4 else f"not heard: {missing}" if missing else
          "goes on" if "after" in out else None, out)


def main():
    all_kinds_are_here()
    with tempfile.TemporaryDirectory() as where:
        scenarios = []
        for kind in KINDS:
            for mistake in SHELL:
                if mistake != "dead task in Lua" or kind[0] not in NOT_OF_KERNEL:
                    shell(where, kind, mistake)
            for mistake, (line, message) in LUA.items():
                if "dead" in mistake and kind[0] in NOT_OF_KERNEL:
                    continue
                scenarios.append(lua(where, kind, mistake, f"{line} print('goes on')", message))
            if kind[1] in NUMBER:
                for value, shown in WRONG.items():
                    scenarios.append(lua(where, kind, f"answers {value}", f"return {value}",
                                         f"{kind[1]}{'_module' if kind[1] == 'init' else ''} returned {shown}"))
        files = [os.path.join(where, f) for f in os.listdir(where) if f.endswith(".dsh")]
        status, out = devsh("run", "--format=tap", *files)
        passed = [line for line in out.splitlines() if line.startswith("ok")]
        check("devsh run fails all of the shell's", f"exit {status}, passed: {passed}"
              if status != 1 or passed else None)
        for path, expected in scenarios:
            status, out = devsh("run", "--format=tap", path)
            # a scenario that expects the Oops may go on: who died was the callback
            check("devsh run " + os.path.basename(path), f"exit {status}" if status != (not expected) else None, out)
        twenty(where)
    print(f"1..{count}")
    return failed != 0


sys.exit(main())
