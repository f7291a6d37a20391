# SPDX-License-Identifier: MIT
"""What is made equal, or left out, before a kernel's lines and devsh's are compared.

A kernel's log is from a machine of its own, with other addresses, other tasks and
a test module; the rules take out what follows from that, and nothing else: texts,
file:line, order, taint flags, PREEMPT words and empty lines are compared.

 time     time stamps
 regs     register dumps; `RIP: 0010:`, `pc :`, `PC is at` and `epc : SYMBOL` stay,
          as does a `CR2:` line that stands alone; of PGD and pgd lines the first word
 hardware `Hardware name:`, irq events, `Kernel Offset`
 guess    `? ` frames of a call trace, which the kernel does not trust itself
 below    frames below the API: from the first one of the test module, and here from
          the first one of a driver or of `devsh`
 modules  names behind `Modules linked in:`; the E of an unsigned module
 ids      numbers of CPU, task, user, ages; names of tasks; the release string
 address  addresses, hashed or not; offsets behind function names
 flags    flags of slabs and pages; pfn, index and reference counts of a page
 rows     of the rows of shadow memory the guilty one's bytes, of the others their number
 memory   what follows `Mem-Info:`
 history  `Freed in` where an earlier owner of the object freed it
 after    what a killed task leaves behind: `note: .. exited with ..`
 noise    lines of other subsystems
"""
import re

REGISTERS = re.compile("^(" + "|".join([
    "Code: ", "RSP: ", "RAX: ", "RDX: ", "RBP: ", "R10: ", "R13: ", "FS: ", "CS: ", "CR2: ",
    "DR[0-7]: ", "PKRU: ", "ORIG_RAX", "RIP: 0033",
    "pstate: ", "lr : ", "sp : ", r"x\d+ *: ", r"pc : \[",
    "ip : ", r"r\d+ *: ", "Flags: ", "Control: ", r"Stack: \(", "[0-9a-f]{4}: ", "Process ",
    "Register ", "Exception stack", "[0-9a-f]{8}: ", "PC: ", r" r\d+:[0-9a-f]{8}", "LR is at",
    "epc : [0-9a-f]{16} ", " ra : ", " gp : ", r" [ts]\d+ ?: ", r" a\d ?: ", "status: ",
]) + ")")
WHERE = re.compile(r"^(pc : [a-zA-Z_0]|epc : (?![0-9a-f]{16} )|PC is at)")
NOISE = re.compile(
    "clocksource|^tsc:|TSC |sched_clock|^random:|^note: |^Hardware name|Kernel Offset|irq event"
    "|^hardirqs|^softirqs|^Code|workqueue: |hrtimer: interrupt|^perf: |^workqueue|^watchdog"
    "|in:imklog")
GUESS = re.compile(r"^ *\? ")
FRAME = re.compile(
    r"^(?:[\s\t]+|(?=\[<))(\[<[0-9a-f]+>\] )?"
    r"(0x[0-9a-f]+|[A-Za-z_][\w.]*(\+0x[0-9a-f]+/0x[0-9a-f]+)( \[\w+\])?)( \(P\))?$")
ARM_FRAME = re.compile(
    r"^(\[<[0-9a-f]+>\] )?\(?[\w.]+( \[\w+\])?\)? from (\[<[0-9a-f]+>\] )?\(?[\w.]+\+0x")
# whose code called the API: the test module's, and here a driver's or devsh's own
ARM_CALLER = re.compile(r"^(\[<[0-9a-f]+>\] )?\(?(op_|devsh|demo_|p_write)")
OUR_CALLER = re.compile(r"\s*(?:\[<[0-9a-f]+>\] )?(devsh|demo_\w+|lua|main|run)\+")
EARLIER = re.compile(r"(INFO: )?Freed in |(Last|Second to last) (potentially|call_rcu)")
ROW = re.compile(r"^[ >]ADDR: ( ?[0-9a-f]{2}){16}$")

# one after the other; each takes a line and gives a line
REPLACED = [(re.compile(pattern), text) for pattern, text in (
    (r"\+0x[0-9a-f]+/0x[0-9a-f]+", "+OFF"),
    (r" \[devres_report\]", ""),
    (r"\.(isra|constprop|part|cold)(\.\d+)?", ""),
    (r"\b(op_\w+|p_write|devsh|demo_\w+)\+OFF", "USER+OFF"),
    (r"Modules linked in:.*", "Modules linked in: MODS"),
    (r"Comm: \S+", "Comm: COMM"),
    (r"(by task|name:) ?\S+?/\d+", r"\1 COMM/N"),
    (r"by task \d+", "by task N"),
    (r"name: \S+$", "name: COMM"),
    (r'comm "\S+", pid \d+, jiffies \d+', "comm COMM, pid N, jiffies N"),
    (r"age \d+\.\d+s", "age N"),
    (r"(CPU: |PID: |UID: |pid=|cpu=|age=|pid: |CPU#)\d+", r"\1N"),
    (r"(, CPU#N: )\S+/\d+", r"\1COMM/N"),
)]
REPLACED_LATER = [(re.compile(pattern), text) for pattern, text in (
    (r", \[E\]=UNSIGNED_MODULE", ""),
    (r"^(\S+): (\S+) cpuset", r"COMM: \2 cpuset"),
    (r"^\S+: page allocation failure", "COMM: page allocation failure"),
    (r"^Current \S+ pgtable", "Current COMM pgtable"),
    (r"slabs: \d+, objs: \d+", "slabs: N, objs: N"),
    (r"^PGD\b.*", "PGD .."),
    (r"^pgd = .*", "pgd .."),
    (r"^\[[0-9a-f]{8,16}\] (\*?pgd=).*", r"[ADDR] \1.."),
    (r"\d+-bit VAs, pgdp=\S+", "N-bit VAs, pgdp=ADDR"),
    (r"flags=0x[0-9a-f]+(\([^)]*\))?|flags=[\w|=]+$", "flags=FLAGS"),
    (r"flags: 0x[0-9a-f]+\([^)]*\)(.*)", "flags: FLAGS"),
    (r"^(raw|head): ([0-9a-f]{8,16} ?)+", r"\1: WORDS"),
)]
COUNTS = re.compile(r"(used=|pfn:0x|index:0x|refcount:|mapcount:|@offset=|order:)[0-9a-f]+(?!\))")
ADDRESS = re.compile(
    r"\b0x[0-9a-f]{8,16}\b|\b[0-9a-f]{16}\b(?!\])"
    r"|\b(?=[0-9a-f]{8}\b)[0-9a-f]*\d[0-9a-f]*\b(?=[^0-9a-f ]|$)")
CPU_LINE = re.compile(r"(CPU: N .*?(?:Not tainted|Tainted: [A-Z ]+?)) +\d+\.\d+\.\S+ #1(.*)")


def letters(taint):
    """Taint letters without the blanks between them, and without the unsigned module's E."""
    return taint.replace("E", "").replace(" ", "")


def cpu_line(s):
    m = CPU_LINE.match(s)
    if m:
        tail = re.sub(r" +(Debian|SMP) .*| *\+deb\S*", "", m.group(2))
        s = re.sub(r"(?<=[A-Z ])E(?=[ A-Z]*$)", " ", m.group(1)).rstrip() + " VERSION" + tail.rstrip()
        s = re.sub(r"Tainted: ([A-Z ]+?) VERSION",
                   lambda t: f"Tainted: {letters(t.group(1))} VERSION", s)
    return re.sub(r"\(Tainted: ([A-Z ]+?) *\)", lambda t: f"(Tainted: {letters(t.group(1))})", s)


def made_equal(s, kasan):
    for pattern, text in REPLACED:
        s = pattern.sub(text, s)
    s = cpu_line(s)
    for pattern, text in REPLACED_LATER:
        s = pattern.sub(text, s)
    if "page allocation" not in s:
        s = COUNTS.sub(r"\1N", s)
    s = ADDRESS.sub("ADDR", s)
    if ROW.match(s):
        s = s.replace("ADDR:", "ROW") if s[0] == ">" else " ROW (neighbours)"
    s = re.sub("^anon flags:", "flags:", s)
    # the kernels with KASAN were configured without preemption
    return re.sub("( PREEMPT| NOPTI| PTI)+(?= SMP|$)", "", s) if kasan else s


def without_earlier_owners(lines):
    """The kernel's objects are used ones: who freed one before is left out."""
    out, i = [], 0
    while i < len(lines):
        j = i + 1
        if EARLIER.match(lines[i]):
            while j < len(lines) and re.match(r"^\s+\S", lines[j]):
                j += 1
            if not any("[devres_report]" in x for x in lines[i:j]):
                if lines[i].startswith(("Last", "Second")) and j < len(lines) and lines[j] == "":
                    j += 1
                i = j
                continue
        out += lines[i:j]
        i = j
    return out


def calls_the_api(s, kernel):
    if " from " in s:
        return ARM_CALLER.match(s.strip())
    return "[devres_report]" in s if kernel else OUR_CALLER.match(s)


def normalised(lines, kernel, kasan):
    """The lines of a log as they are compared. kernel: a real one's, with the test module."""
    out, below, memory = [], False, False
    for line in lines:
        s = line.rstrip("\n").replace("(____ptrval____)", "0" * 16)
        if s.startswith("Mem-Info:"):
            memory = True
            out.append("Mem-Info:")
            continue
        memory = memory and not s.startswith("SLUB: ")
        if kernel and re.match(r"note: \S+ exited with", s) and not memory:
            break
        if memory or NOISE.search(s):
            continue
        if re.match("^CR2: [0-9a-f]{16}$", s):
            out.append("CR2: ADDR")
            continue
        if REGISTERS.match(s) and not WHERE.match(s) or GUESS.match(s):
            continue
        if FRAME.match(s) or ARM_FRAME.match(s.strip()):
            below = below or bool(calls_the_api(s, kernel))
            if below:
                continue
        else:
            below = False
        out.append(made_equal(s, kasan))
    return out
