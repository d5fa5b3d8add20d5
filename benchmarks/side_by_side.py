#!/usr/bin/env python3
"""Times a coCondenser step of ours beside the same step in plain PyTorch, in turns, and prints ratios.

    python benchmarks/side_by_side.py --shape 6x384 --rounds 3

Needs a Python with PyTorch; see pytorch_step.py for what the two PyTorch styles do. Every round starts
each of the processes once, one after the other, so that what else the machine does falls on all of
them. A figure is the median over the steps of all rounds.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
LENGTHS = HERE / "src/main/resources/io/condenser/benchmarks/lengths.txt"


def span_lengths(rows, longest):
    """The same lengths as the benchmark's (Lengths.SPANS)."""
    line = next(line for line in LENGTHS.read_text().splitlines() if line.startswith("spans: "))
    quantiles = [int(length) for length in line.split()[1:]]
    return [min(longest, quantiles[int((i + 0.5) / rows * len(quantiles))]) for i in range(rows)]


def output(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    return done.stdout


def ours(options, precision):
    printed = output(
        [
            str(HERE.parent / "condenser"), "bench", "pretrain", "--json", "--shapes", options.shape,
            "--precisions", precision, "--documents", str(options.documents), "--steps", str(options.steps),
        ]
    )
    return json.loads(printed)[0]["seconds"]


def pytorch(options, style, precision):
    layers, hidden = options.shape.split("x")
    lengths = ",".join(str(length) for length in span_lengths(2 * options.documents, 128))
    printed = output(
        [
            sys.executable, str(HERE / "pytorch_step.py"), "--style", style, "--precision", precision,
            "--layers", layers, "--hidden", hidden, "--lengths", lengths, "--steps", str(options.steps),
        ]
    )
    return json.loads(printed)["seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", default="6x384", help="layers and hidden size")
    parser.add_argument("--documents", type=int, default=32, help="in a step, two spans each")
    parser.add_argument("--steps", type=int, default=4, help="timed in each process")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", help="file for the raw seconds")
    options = parser.parse_args()

    contenders = {}
    for precision in ("fp32", "bf16"):
        for style in ("padded", "lean"):
            contenders[f"PyTorch {style} {precision}"] = lambda s=style, p=precision: pytorch(options, s, p)
        contenders[f"Condenser {precision}"] = lambda p=precision: ours(options, p)
    seconds = {name: [] for name in contenders}
    for turn in range(options.rounds):
        for name, run in contenders.items():
            seconds[name] += run()
            print(f"round {turn + 1}: {name} {statistics.median(seconds[name]):.3f} s", file=sys.stderr, flush=True)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({"shape": options.shape, "seconds": seconds}, indent=1))

    tokens = sum(span_lengths(2 * options.documents, 128))
    median = {name: statistics.median(values) for name, values in seconds.items()}
    print(f"{options.shape}, {2 * options.documents} spans of {tokens / 2 / options.documents:.0f} tokens in the mean")
    print(f"{'':22}{'seconds':>9}{'tokens/s':>10}{'fp32 is':>10}{'bf16 is':>10}")
    for name, value in median.items():
        ratios = "".join(f"{value / median[f'Condenser {p}']:>8.2f} ×" for p in ("fp32", "bf16"))
        print(f"{name:22}{value:9.3f}{tokens / value:10.0f}{ratios}")
    print("The last two columns: how many times as fast Condenser's step is in that precision.")


if __name__ == "__main__":
    main()
