#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""All libFuzzer programs for a long time: long.py ROOT BUILD_DIR FUZZER...

FUZZ_SECONDS for each, 300 without; FUZZ_ONLY=NAME runs one; FUZZ_JOBS at a
time, without it as many as there are processors."""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

root, build, *fuzzers = sys.argv[1:]
root, build = pathlib.Path(root), pathlib.Path(build)
seconds = os.environ.get('FUZZ_SECONDS', '300')
only = os.environ.get('FUZZ_ONLY')
jobs = int(os.environ.get('FUZZ_JOBS', 0)) or os.cpu_count()
# inputs that are in the tree for something else
SEEDS = {'shell': ['--ending', '.dsh', root / 'tests/golden'],
         'lua': ['--ending', '.lua', root / 'scripts/scenarios']}


def write_dictionary(path, seeds):
    """The words of all seeds: names of calls, files, parameters, flags."""
    words = set()
    for seed in seeds.iterdir():
        words.update(re.findall(rb'[\w/.*=-]{2,40}', seed.read_bytes()))
    with open(path, 'w') as out:
        for word in sorted(words):
            print('"%s"' % word.decode('ascii', 'ignore'), file=out)


def run(fuzzer):
    name = pathlib.Path(fuzzer).name.removeprefix('libfuzzer-')
    work, seeds = build / 'fuzz' / name, build / 'fuzz' / (name + '-seeds')
    for directory in (work, seeds):
        directory.mkdir(parents=True, exist_ok=True)
    corpus = root / 'tests/fuzz/corpus' / name
    plain = pathlib.Path(fuzzer).with_name('fuzz-' + name)
    subprocess.run([plain, '--write', seeds, *SEEDS.get(name, [])], check=True)
    options = []
    if name != 'calls':
        options.append(f'-dict={work}.dict')
        write_dictionary(f'{work}.dict', seeds)
    with open(work.with_suffix('.log'), 'w') as log:
        done = subprocess.run([fuzzer, '-close_fd_mask=1', '-timeout=25', '-max_len=8192',
                               '-rss_limit_mb=3000', '-max_total_time=' + seconds, *options,
                               f'-artifact_prefix={work}-', work, seeds, corpus],
                              stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    print(name, 'found nothing' if not done.returncode else f'found something: {log.name}',
          flush=True)
    return done.returncode


wanted = [f for f in fuzzers if not only or f.endswith('-' + only)]
with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
    sys.exit(any(list(pool.map(run, wanted))))
