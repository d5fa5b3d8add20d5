#!/usr/bin/env python3
"""Times exact search of ours beside a flat index of faiss, in turns, and prints ratios.

    python benchmarks/side_by_side_search.py --passages 1000000 --rounds 3

Needs a Python with faiss-cpu. Both search random vectors in memory that has been read before. faiss is
told to use matrix products from 20 queries on, as it long did: left alone, 1.15.1 does so only from
128,000 on, and takes ten times as long for 64.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

import faiss
import numpy

HERE = pathlib.Path(__file__).resolve().parent


def theirs(options, queries):
    faiss.cvar.distance_compute_blas_threshold = 20
    random = numpy.random.default_rng(1)
    index = faiss.IndexFlatIP(options.dimension)
    for _ in range(0, options.passages, 100_000):
        index.add(random.standard_normal((100_000, options.dimension), dtype=numpy.float32))
    asked = random.standard_normal((queries, options.dimension), dtype=numpy.float32)
    seconds = []
    for _ in range(2 + options.times):
        start = time.perf_counter()
        index.search(asked, 100)
        seconds.append(time.perf_counter() - start)
    return seconds[2:]


def ours(options, queries):
    done = subprocess.run(
        [
            str(HERE.parent / "condenser"), "bench", "search", "--json", "--passages", str(options.passages),
            "--dimension", str(options.dimension), "--queries", str(queries), "--times", str(options.times),
        ],
        capture_output=True, text=True,
    )
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout)[0]["seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=1_000_000, help="a multiple of 100,000")
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for queries in (64, 1):
        faiss_seconds, our_seconds = [], []
        for _ in range(options.rounds):
            faiss_seconds += theirs(options, queries)
            our_seconds += ours(options, queries)
        a, b = statistics.median(faiss_seconds), statistics.median(our_seconds)
        print(f"{queries} queries: faiss {1000 * a:.0f} ms, Condenser {1000 * b:.0f} ms: {a / b:.2f} × as fast", flush=True)


if __name__ == "__main__":
    main()
