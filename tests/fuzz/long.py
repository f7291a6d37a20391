#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""All libFuzzer programs for a long time: long.py SOURCE_DIR BUILD_DIR FUZZER...

FUZZ_SECONDS for each, 300 without; FUZZ_ONLY=NAME runs one."""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

source, build, *fuzzers = sys.argv[1:]
seconds = os.environ.get('FUZZ_SECONDS', '300')
only = os.environ.get('FUZZ_ONLY')


def run(fuzzer):
    name = pathlib.Path(fuzzer).name.removeprefix('libfuzzer-')
    work = pathlib.Path(build) / 'fuzz' / name
    seeds = pathlib.Path(build) / 'fuzz' / (name + '-seeds')
    for directory in (work, seeds):
        directory.mkdir(parents=True, exist_ok=True)
    corpus = pathlib.Path(source) / 'corpus' / name
    plain = pathlib.Path(fuzzer).with_name('fuzz-' + name)
    subprocess.run([plain, '--write', seeds], check=True)
    with open(work.with_suffix('.log'), 'w') as log:
        done = subprocess.run([fuzzer, '-close_fd_mask=1', '-timeout=25', '-max_len=4096',
                               '-rss_limit_mb=3000', '-max_total_time=' + seconds,
                               f'-artifact_prefix={work}-', work, seeds, corpus],
                              stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    print(name, 'found nothing' if not done.returncode else f'found something: {log.name}',
          flush=True)
    return done.returncode


wanted = [f for f in fuzzers if not only or f.endswith('-' + only)]
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    sys.exit(any(list(pool.map(run, wanted))))
