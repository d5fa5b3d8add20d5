#!/usr/bin/env python3
"""Times encoding of ours beside sentence-transformers on the same texts, in turns, and prints ratios.

    python benchmarks/side_by_side_encode.py --model MODEL_FOLDER --corpus corpus.jsonl --rounds 3

Needs a Python with sentence-transformers. Ours is timed as a whole process, start of the JVM and reading
of the corpus included; of the other only its encode() is. The vectors of the first are compared, too.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import torch
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer

HERE = pathlib.Path(__file__).resolve().parent


def ours(options, precision, out):
    start = time.perf_counter()
    done = subprocess.run(
        [
            str(HERE.parent / "condenser"), "encode", "--model", options.model, "--corpus", f"{out}.jsonl",
            "--precision", precision, "--out", out,
        ],
        capture_output=True, text=True,
    )
    if done.returncode != 0:
        sys.exit(done.stderr)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a model folder with mean pooling")
    parser.add_argument("--corpus", required=True, help="JSON lines")
    parser.add_argument("--precisions", default="fp32,bf16,int8")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    settings = json.loads((pathlib.Path(options.model) / "retriever.json").read_text())
    with open(options.corpus) as lines:
        records = [json.loads(line) for line in lines]
    texts = [record["text"] for record in records]  # titles are joined differently: left out
    model = SentenceTransformer(options.model, device="cpu")
    model.max_seq_length = settings["passageLength"]
    seconds = {"sentence-transformers": []}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(options.rounds):
            start = time.perf_counter()
            theirs = model.encode(texts, batch_size=32, normalize_embeddings=settings["normalize"])
            seconds["sentence-transformers"].append(time.perf_counter() - start)
            for precision in options.precisions.split(","):
                out = f"{folder}/{precision}"
                with open(f"{out}.jsonl", "w") as untitled:
                    untitled.writelines(json.dumps({"_id": str(i), "text": t}) + "\n" for i, t in enumerate(texts))
                seconds.setdefault(f"Condenser {precision}", []).append(ours(options, precision, out))
            print(f"round {turn + 1}", {k: round(v[-1], 1) for k, v in seconds.items()}, file=sys.stderr, flush=True)
        base = statistics.median(seconds["sentence-transformers"])
        print(f"{len(texts)} passages, {torch.get_num_threads()} threads")
        for name, values in seconds.items():
            median = statistics.median(values)
            line = f"{name:22}{len(texts) / median:8.1f} passages/s {base / median:6.2f} ×"
            if name.startswith("Condenser"):
                vectors = load_file(f"{folder}/{name.split()[1]}/embeddings.safetensors")["embeddings"]
                cosine = (vectors * theirs).sum(1) / numpy.linalg.norm(vectors, axis=1) / numpy.linalg.norm(theirs, axis=1)
                line += f"   cosine to it: {cosine.mean():.6f} in the mean, {cosine.min():.6f} at least"
            print(line)


if __name__ == "__main__":
    main()
