# SPDX-License-Identifier: MIT
"""What doc/scenarios.md says about more than one machine, done on this one.

Usage: test_recipes.py DEVSH DOCUMENT; prints TAP.
"""
import glob
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import xml.etree.ElementTree

from project import DEVSH, project, run, tests

DOCUMENT = sys.argv[2]
SLURM = """ClusterName=devsh
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={home}/state
SlurmdSpoolDir={home}/spool
SlurmctldPidFile={home}/slurmctld.pid
SlurmdPidFile={home}/slurmd.pid
SlurmctldLogFile={home}/slurmctld.log
SlurmdLogFile={home}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
JobAcctGatherType=jobacct_gather/none
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def recipes(heading):
    """The blocks below a heading of the document."""
    with open(DOCUMENT, encoding="utf-8") as f:
        section = f.read().partition(f"### {heading}\n")[2].partition("\n##")[0]
    blocks = re.findall(r"^```(?:sh|yaml)\n(.*?)^```$", section, re.M | re.S)
    assert blocks, heading
    return blocks


def scenarios(directory):
    """A directory of them, and where a shell finds devsh."""
    os.mkdir(os.path.join(directory, "bin"))
    os.symlink(DEVSH, os.path.join(directory, "bin", "devsh"))
    home = os.path.join(directory, "scenarios")
    os.mkdir(home)
    project(home, {f"{n}.lua": ["", "assert.equal(1, 2)" if n == 3 else "", ""] for n in range(6)})
    return dict(os.environ, PATH=os.path.join(directory, "bin") + os.pathsep + os.environ["PATH"])


def shell(directory, env, script):
    return subprocess.run(["sh", "-c", script], cwd=directory, env=env, stdin=subprocess.DEVNULL, check=False,
                          capture_output=True, text=True, timeout=300)


def merged_report_is_whole(directory, parts):
    assert len(glob.glob(os.path.join(directory, "part*.jsonl"))) == parts
    root = xml.etree.ElementTree.parse(os.path.join(directory, "report.xml")).getroot()
    assert (root.get("tests"), root.get("failures")) == ("18", "1"), root.attrib


def gnu_parallel_runs_the_parts(directory):
    if not shutil.which("parallel"):
        return "GNU parallel is missing (Debian: parallel)"
    env = scenarios(directory)
    if "GNU parallel" not in shell(directory, env, "parallel --version").stdout:
        return "parallel is another program (Debian: parallel)"
    done = shell(directory, dict(env, HOME=directory), recipes("GNU parallel")[0])
    assert done.returncode == 1 and "17 passed, 1 failed" in done.stdout, (done.stdout, done.stderr)
    merged_report_is_whole(directory, 4)
    return None


def free_ports(n):
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def slurm_runs_an_array(directory):
    missing = [name for name in ("slurmctld", "slurmd", "sbatch", "sinfo") if not shutil.which(name)]
    if missing:
        return f"{missing[0]} is missing (Debian: slurm-wlm)"
    if os.geteuid():
        return "slurmd wants to be root"
    home = os.path.join(directory, "slurm")
    for name in ("", "state", "spool"):
        os.makedirs(os.path.join(home, name), exist_ok=True)
    conf = os.path.join(home, "slurm.conf")
    host = socket.gethostname().partition(".")[0]
    with open(conf, "w", encoding="utf-8") as f:
        f.write(SLURM.format(home=home, ports=free_ports(2), host=host, cpus=os.cpu_count()))
    env = dict(scenarios(directory), SLURM_CONF=conf)
    with open(os.path.join(home, "out"), "wb") as out:
        daemons = [subprocess.Popen([name, "-D", "-f", conf], stdout=out, stderr=out, env=env)
                   for name in ("slurmctld", "slurmd")]
        try:
            for _ in range(300):
                if " idle " in shell(directory, env, "timeout 5 sinfo --noheader").stdout:
                    break
                if None not in [daemon.poll() for daemon in daemons]:
                    return "Slurm does not start here"
                time.sleep(0.1)
            else:
                return "Slurm's node does not become idle here"
            script, submit = recipes("Slurm")
            with open(os.path.join(directory, "scenarios.sbatch"), "w", encoding="utf-8") as f:
                f.write(script)
            done = shell(directory, env, submit)
        finally:
            for daemon in daemons:
                daemon.terminate()
                daemon.wait()
    assert done.returncode == 1 and "17 passed, 1 failed" in done.stdout, (done.stdout, done.stderr)
    merged_report_is_whole(directory, 4)
    return None


def a_matrix_covers_everything_once(directory):
    """Its steps, for each of its combinations."""
    text = recipes("A build server's matrix")[0]
    releases = re.findall(r'"([\d.]+)"', re.search(r"release: \[(.*)\]", text).group(1))
    shards = re.search(r"shard: \[(.*)\]", text).group(1).split(", ")
    step = " ".join(re.search(r"- run: >\n(.*?)\n +- uses", text, re.S).group(1).split())
    env = scenarios(directory)
    for release in releases:
        for shard in shards:
            command = step.replace("${{ matrix.release }}", release).replace("${{ matrix.shard }}", shard)
            assert "$" not in command, command
            done = shell(directory, env, command)
            assert done.returncode in (0, 1) and " passed, " in done.stdout, (command, done)
    done = shell(directory, env, "devsh report merge *.jsonl")
    assert len(releases) == len(shards) == 2 and "34 passed, 2 failed" in done.stdout, done.stdout
    assert not done.stderr, done.stderr


def what_the_section_says_first(directory):
    """The lines of the section itself: each as on its own machine."""
    with open(DOCUMENT, encoding="utf-8") as f:
        section = f.read().partition("## More than one machine\n")[2]
    script = re.search(r"^```sh\n(.*?)^```$", section, re.M | re.S).group(1)
    done = shell(directory, scenarios(directory), script)
    assert done.returncode == 1, done.stderr
    root = xml.etree.ElementTree.parse(os.path.join(directory, "report.xml")).getroot()
    assert (root.get("tests"), root.get("failures")) == ("18", "1")
    assert run(directory, "--shard=4/3", "scenarios").returncode == 2


tests([what_the_section_says_first, gnu_parallel_runs_the_parts, slurm_runs_an_array,
       a_matrix_covers_everything_once])
