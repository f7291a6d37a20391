# SPDX-License-Identifier: MIT
"""Going back gives the machine that there was: random sessions, by seed.

Usage: test_replay.py DEVSH [SEED...]; prints TAP.

Behind each line of a session the machine is looked at. Then the session goes
to steps in random order, back and forth, and each must look as it did.
"""
import random
import re
import subprocess
import sys
import tempfile

SEEDS = range(1, 25)
LINES = 45
LOOK = ["devices", "drivers", "devres", "objects", "slabinfo", "dmesg", "machine", "= n",
        "= #t", "steps"]
RELEASES = ["4.9", "4.19", "6.1", "6.12", "6.12 arch=arm64 slub_debug=-"]


class Session:
    """Lines that make sense, mostly: names that exist, and some that fail."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.devices, self.drivers, self.pointers = ["d0"], [], []
        self.made = 0

    def body(self):
        pick = self.random.choice
        calls = ["a = devm_kzalloc $dev %d" % pick([8, 64, 500, 5000]), "kmalloc 32",
                 "devm_add_action $dev { echo gone; kmalloc 16 }", "n = 7",
                 "lua t[#t + 1] = kmalloc(24)", "devm_kstrdup $dev text", "advance 3us",
                 "device_unregister d0", "return -ENODEV", "devm_kmalloc $dev 64M",
                 "unbind $dev", "return -EPROBE_DEFER"]
        weight = [8, 3, 5, 2, 3, 3, 2, 1, 2, 1, 1, 1]
        return "\n  ".join(self.random.choices(calls, weight, k=self.random.randint(1, 5)))

    def line(self):
        pick, self.made = self.random.choice, self.made + 1
        dev = pick(self.devices)
        kind = self.random.randint(0, 17)
        if kind <= 2 or not self.drivers:
            if self.random.random() < 0.5:
                self.devices.append(f"d{self.made}")
                return f"device d{self.made}" + (f" parent={dev}" if kind == 1 else "")
            self.drivers.append(f"drv{self.made}")
            return f"driver drv{self.made} probe={{\n  {self.body()}\n}} remove={{ echo bye }}"
        if kind <= 5:
            return f"bind {dev} {pick(self.drivers)}"
        if kind == 6:
            return f"unbind {dev}"
        if kind <= 9:
            self.pointers.append(f"p{self.made}")
            call = pick([f"devm_kmalloc {dev}", f"devm_kzalloc {dev}", "kmalloc"])
            return f"p{self.made} = {call} {pick([1, 8, 100, 1000, 9000])}"
        if kind <= 11 and self.pointers:
            return pick([f"devm_kfree {dev} $", "kfree $"]) + pick(self.pointers)
        if kind == 12:
            return pick([f"n = {self.made}", "n = kmalloc 8", "n = machine"])
        if kind == 13:
            return "lua for i = 1, %d do t[#t + 1] = kmalloc(i * 10) end" % pick([1, 3, 6])
        if kind == 14:
            return pick(["= table.insert(t, 5)", "= #devices()", "lua t = {}",
                         "lua if #t > 0 then kfree(t[#t]) end", "= math.random(100)",
                         "lua n = math.random(1000)"])
        if kind == 15:
            return pick([f"device_unregister {dev}", f"trace devm_kmalloc {dev} 8",
                         "advance 10us", "device_unregister nobody", "x $n",
                         f"devres_open_group {dev}", f"devres_release_group {dev}",
                         f"devres_release_all {dev}", f"devm_alloc_percpu {dev} 64",
                         f"devm_get_free_pages {dev}", "insmod m init={ kmalloc 24 }", "rmmod m",
                         f"device_link_add {dev} {pick(self.devices)}",
                         "fail_function driver_sysfs_add -EEXIST", "wait_for_device_probe"])
        if kind == 16 and self.pointers:
            return f"memset ${pick(self.pointers)} 0 {pick([8, 64])}"
        if self.random.random() < 0.2:
            return "boot release=" + pick(RELEASES)
        return "dev_info %s hello" % dev


def run(devsh, lines):
    with tempfile.NamedTemporaryFile("w", suffix=".dsh") as f:
        f.write("\n".join(lines) + "\n")
        f.flush()
        done = subprocess.run([devsh, "-k", f.name], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if done.returncode < 0 or done.returncode > 4:
        raise AssertionError(f"devsh ended with {done.returncode}")
    return done.stdout.decode()


def looks(output):
    """What stood between the marks, in order."""
    return re.findall(r"^@@\n(.*?)^@=\n", output, re.M | re.S)


def here(look):
    """The step that one is at, and all but the list of steps."""
    machine, _, steps = look.rpartition("  0  the machine has booted\n")
    where = re.search(r"^>\s+(?:\d+-)?(\d+) ", steps, re.M)
    return (int(where.group(1)) if where else 0), machine.rstrip("> ")


def check(devsh, seed):
    session = Session(seed)
    look = ["echo @@"] + LOOK + ["echo @="]
    lines = ["device d0", "lua n, t = 0, {}"] + [session.line() for _ in range(LINES)]
    script = [part for line in lines for part in [line] + look]
    seen, after = {}, []
    for text in looks(run(devsh, script)):
        step, machine = here(text)
        seen[step] = machine  # Lua that only looks stands behind its step
        after.append(step)
    steps = sorted(seen)
    way = [session.random.choice(steps[1:]) for _ in range(12)] + [steps[-1]]
    travels = [part for step in way for part in [f"goto {step}"] + look]
    back = session.random.randint(1, 5)
    travels += [f"undo {back}", f"redo {back}"] + look
    found = [here(text) for text in looks(run(devsh, lines + travels))]
    for step, (at, machine) in zip(way + [steps[-1]], found, strict=True):
        if at != step or machine != seen[step]:
            return lines, f"goto {step} came to step {at}, and it looks different"
    # a new life from some step on is as if nothing had been behind it
    split = session.random.choice([i for i in range(2, len(lines)) if after[i] != after[i - 1]])
    more = [session.line() for _ in range(6)]
    straight = looks(run(devsh, lines[:split] + look + more + look))
    step = here(straight[0])[0]
    bent = looks(run(devsh, lines + ([f"goto {step}"] if step else ["goto 0"]) + more + look))
    if here(straight[1])[1] != here(bent[0])[1]:
        return lines, f"another way from step {step} on looks different"
    return None, f"{len(steps)} steps"


def main():
    devsh = sys.argv[1]
    seeds = [int(s) for s in sys.argv[2:]] or SEEDS
    print(f"1..{len(seeds)}")
    failed = False
    for n, seed in enumerate(seeds, 1):
        lines, text = check(devsh, seed)
        failed = failed or lines is not None
        print(f"{'not ' if lines else ''}ok {n} - seed {seed}: {text}")
        for line in "\n".join(lines or []).splitlines():
            print("# " + line)
    return failed


sys.exit(main())
