"""A coCondenser step in PyTorch, to be timed beside Condenser's own.

--style padded: as the public code does it. Every row is padded to the maximum length, the loss takes
logits at every position (the labels of unmasked ones are ignored), AdamW is the library's default.
--style lean: what a careful engineer would write. Rows sorted by length in chunks of at most
--piece tokens, logits at masked positions alone, the fused AdamW.

Both use the fused attention where attention dropout is 0, and bf16 by autocast where asked for.
Prints one line of JSON. See side_by_side.py.
"""

import argparse
import json
import math
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn

VOCABULARY = 30522
MASK = 103


class Layer(nn.Module):
    """A layer of BERT."""

    def __init__(self, hidden, heads, dropout, attention_dropout):
        super().__init__()
        self.heads, self.dropout, self.attention_dropout = heads, dropout, attention_dropout
        self.query, self.key, self.value = (nn.Linear(hidden, hidden) for _ in range(3))
        self.output = nn.Linear(hidden, hidden)
        self.up, self.down = nn.Linear(hidden, 4 * hidden), nn.Linear(4 * hidden, hidden)
        self.norm_1, self.norm_2 = (nn.LayerNorm(hidden, eps=1e-12) for _ in range(2))

    def forward(self, h, mask):
        rows, length, hidden = h.shape
        q, k, v = (
            f(h).view(rows, length, self.heads, -1).transpose(1, 2) for f in (self.query, self.key, self.value)
        )
        context = F.scaled_dot_product_attention(q, k, v, mask, self.attention_dropout if self.training else 0.0)
        context = self.output(context.transpose(1, 2).reshape(rows, length, hidden))
        h = self.norm_1(h + F.dropout(context, self.dropout, self.training))
        return self.norm_2(h + F.dropout(self.down(F.gelu(self.up(h))), self.dropout, self.training))


class CoCondenser(nn.Module):
    """Backbone, Condenser head of two layers, MLM head tied to the word embeddings."""

    def __init__(self, layers, hidden, dropout, attention_dropout):
        super().__init__()
        heads = hidden // (32 if hidden == 384 else 64)
        layer = lambda: Layer(hidden, heads, dropout, attention_dropout)
        self.words, self.positions, self.types = (nn.Embedding(n, hidden) for n in (VOCABULARY, 512, 2))
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(layer() for _ in range(layers))
        self.head = nn.ModuleList(layer() for _ in range(2))
        self.transform, self.transform_norm = nn.Linear(hidden, hidden), nn.LayerNorm(hidden, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(VOCABULARY))
        self.dropout = dropout
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.02)

    def forward(self, ids, mask):
        """Late and head hidden states; the first late one of each row is its CLS."""
        length = ids.shape[1]
        h = self.words(ids) + self.types(torch.zeros_like(ids)) + self.positions.weight[:length]
        h = F.dropout(self.norm(h), self.dropout, self.training)
        half = len(self.layers) // 2
        for layer in self.layers[:half]:
            h = layer(h, mask)
        early = h
        for layer in self.layers[half:]:
            h = layer(h, mask)
        late = h
        h = torch.cat([late[:, :1], early[:, 1:]], 1)
        for layer in self.head:
            h = layer(h, mask)
        return late, h

    def logits(self, h):
        return F.linear(self.transform_norm(F.gelu(self.transform(h))), self.words.weight, self.bias)


def span_loss(cls):
    """Rows 2i and 2i+1 are spans of one document."""
    scores = cls.float() @ cls.float().t()
    scores.fill_diagonal_(-math.inf)
    return F.cross_entropy(scores, torch.arange(len(cls)) ^ 1)


def batch_of(lengths, generator):
    """Rows of random words, 15 % of them masked; labels are -100 elsewhere."""
    rows = []
    for length in lengths:
        ids = torch.randint(1000, VOCABULARY, (length,), generator=generator)
        ids[0], ids[-1] = 101, 102
        labels = torch.full((length,), -100)
        masked = 1 + torch.randperm(length - 2, generator=generator)[: max(1, round(0.15 * length))]
        labels[masked] = ids[masked]
        ids[masked] = MASK
        rows.append((ids, labels))
    return rows


def padded_rows(rows, width):
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    labels = torch.full((len(rows), width), -100)
    mask = torch.zeros(len(rows), 1, 1, width, dtype=torch.bool)
    for i, (row, wanted) in enumerate(rows):
        ids[i, : len(row)], labels[i, : len(row)], mask[i, :, :, : len(row)] = row, wanted, True
    return ids, labels, mask


def padded_step(model, rows, maximum, autocast):
    ids, labels, mask = padded_rows(rows, maximum)
    with autocast():
        late, head = model(ids, mask)
        loss = span_loss(late[:, 0])
        for h in (late, head):
            loss = loss + F.cross_entropy(model.logits(h).view(-1, VOCABULARY).float(), labels.view(-1))
    loss.backward()


def lean_step(model, rows, piece, autocast):
    order = sorted(range(len(rows)), key=lambda i: -len(rows[i][0]))
    vectors, mlm, masked = [], 0.0, 0
    at = 0
    while at < len(order):
        width = len(rows[order[at]][0])
        chunk = [rows[i] for i in order[at : at + max(1, piece // width)]]
        at += len(chunk)
        ids, labels, mask = padded_rows(chunk, width)
        wanted = (labels.view(-1) != -100).nonzero().squeeze(1)
        targets = labels.view(-1)[wanted]
        masked += len(targets)
        with autocast():
            late, head = model(ids, None if bool(mask.all()) else mask)
            vectors.append(late[:, 0])
            for h in (late, head):
                logits = model.logits(h.reshape(-1, h.shape[-1])[wanted])
                mlm = mlm + F.cross_entropy(logits.float(), targets, reduction="sum")
    cls = torch.cat(vectors)[torch.tensor(order).argsort()]
    (span_loss(cls) + mlm / masked).backward()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--style", choices=["padded", "lean"], required=True)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--hidden", type=int, default=384)
    parser.add_argument("--lengths", required=True, help="tokens of each row, separated by commas")
    parser.add_argument("--maximum", type=int, default=128)
    parser.add_argument("--piece", type=int, default=4096)
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--attention-dropout", type=float, default=0.0)
    parser.add_argument("--warm", type=int, default=2)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()

    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    lengths = [int(length) for length in options.lengths.split(",")]
    model = CoCondenser(options.layers, options.hidden, options.dropout, options.attention_dropout).train()
    lean = options.style == "lean"
    plain = [p for name, p in model.named_parameters() if "norm" in name or name.endswith("bias")]
    decayed = [p for name, p in model.named_parameters() if not ("norm" in name or name.endswith("bias"))]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}],
        lr=1e-4,
        fused=lean,
    )
    autocast = lambda: torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bf16")
    seconds = []
    for step in range(options.warm + options.steps):
        rows = batch_of(lengths, torch.Generator().manual_seed(step))
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        if lean:
            lean_step(model, rows, options.piece, autocast)
        else:
            padded_step(model, rows, options.maximum, autocast)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step >= options.warm:
            seconds.append(time.perf_counter() - start)
    print(
        json.dumps(
            {
                "style": options.style,
                "torch": torch.__version__,
                "threads": torch.get_num_threads(),
                "seconds": seconds,
                "median": statistics.median(seconds),
                "tokens_per_second": sum(lengths) / statistics.median(seconds),
            }
        )
    )


if __name__ == "__main__":
    main()
