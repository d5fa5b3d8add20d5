"""Does a Condenser head use the CLS?

Masks 15 % of the tokens of some passages and prints, in nats, the loss of the backbone's own predictions
(late), and of the head's with each text's own CLS, with another text's, and with the mean of the batch's.
Where own and other are equal, the head predicts without the CLS, and its loss teaches the CLS nothing.

With --group, the passages whose ids contain a text are one group, all others another; then also the loss with
the mean of the text's group, and of the CLS over all passages the share of variance in their first direction
and its correlation with the group.

  python benchmarks/cls_use.py --model pretrained --early-layers 6 --corpus corpus.jsonl

Needs torch, transformers and safetensors.
"""

import argparse
import json
import random
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from transformers import BertConfig, BertModel, BertTokenizerFast
from transformers.models.bert.modeling_bert import BertLayer

HEAD = "condenser_head."
MLM = "cls.predictions."
BATCH = 64


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--early-layers", type=int, required=True)
    arguments.add_argument("--group")
    arguments.add_argument("--passages", type=int, default=512)
    arguments.add_argument("--length", type=int, default=64)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()

    config = BertConfig.from_json_file(given.model / "config.json")
    config._attn_implementation = "eager"
    weights = load_file(given.model / "model.safetensors")
    backbone = BertModel(config, add_pooling_layer=False).eval()
    backbone.load_state_dict({name[5:]: tensor for name, tensor in weights.items() if name.startswith("bert.")})
    head_weights = load_file(given.model / "condenser_head.safetensors")
    depth = 1 + max(int(name.split(".")[1]) for name in head_weights)
    head = torch.nn.ModuleList(BertLayer(config) for _ in range(depth)).eval()
    head.load_state_dict({name.removeprefix(HEAD): tensor for name, tensor in head_weights.items()})
    tokenizer = BertTokenizerFast(str(given.model / "vocab.txt"))

    def loss(hidden, masked, ids):
        h = F.linear(hidden[masked], weights[MLM + "transform.dense.weight"], weights[MLM + "transform.dense.bias"])
        norm = MLM + "transform.LayerNorm."
        h = F.layer_norm(F.gelu(h), h.shape[-1:], weights[norm + "weight"], weights[norm + "bias"], 1e-12)
        logits = F.linear(h, weights["bert.embeddings.word_embeddings.weight"], weights[MLM + "bias"])
        return F.cross_entropy(logits, ids[masked], reduction="sum").item()

    def through_head(cls, early, mask):
        h = torch.cat([cls[:, None], early[:, 1:]], 1)
        for layer in head:
            h = layer(h, mask)
            h = h[0] if isinstance(h, tuple) else h
        return h

    with open(given.corpus, encoding="utf-8") as lines:
        passages = [json.loads(line) for line in lines]
    random.Random(given.seed).shuffle(passages)
    texts = [passage["text"] for passage in passages[: given.passages]]
    grouped = torch.tensor([given.group is not None and given.group in passage["_id"] for passage in passages])
    generator = torch.Generator().manual_seed(given.seed)
    names = ("late", "own", "other", "mean") + (("group",) if given.group else ())
    losses, masked_tokens, vectors = dict.fromkeys(names, 0.0), 0, []
    with torch.no_grad():
        for start in range(0, len(texts), BATCH):
            batch = tokenizer(
                texts[start : start + BATCH],
                truncation=True,
                max_length=given.length,
                padding=True,
                return_tensors="pt",
                return_special_tokens_mask=True,
            )
            ids = batch.input_ids
            masked = (torch.rand(ids.shape, generator=generator) < 0.15) & (batch.special_tokens_mask == 0)
            states = backbone(
                ids.masked_fill(masked, tokenizer.mask_token_id),
                attention_mask=batch.attention_mask,
                output_hidden_states=True,
            )
            late, early = states.last_hidden_state, states.hidden_states[given.early_layers]
            mask = (1 - batch.attention_mask[:, None, None, :].float()) * -1e9
            cls = late[:, 0]
            losses["late"] += loss(late, masked, ids)
            losses["own"] += loss(through_head(cls, early, mask), masked, ids)
            losses["other"] += loss(through_head(cls.roll(1, 0), early, mask), masked, ids)
            losses["mean"] += loss(through_head(cls.mean(0, keepdim=True).expand_as(cls), early, mask), masked, ids)
            if given.group:
                inside = grouped[start : start + len(cls), None]
                means = (cls[inside[:, 0]].mean(0), cls[~inside[:, 0]].mean(0))
                losses["group"] += loss(through_head(torch.where(inside, *means), early, mask), masked, ids)
                vectors.append(cls)
            masked_tokens += int(masked.sum())
    found = {name: total / masked_tokens for name, total in losses.items()}
    if given.group:
        vectors = torch.cat(vectors)
        _, sizes, directions = torch.linalg.svd(vectors - vectors.mean(0), full_matrices=False)
        first = torch.stack([vectors @ directions[0], grouped[: len(vectors)].float()])
        found["variance"] = (sizes[0] ** 2 / (sizes**2).sum()).item()
        found["correlation"] = torch.corrcoef(first)[0, 1].abs().item()
    print(json.dumps({name: round(value, 4) for name, value in found.items()}))


if __name__ == "__main__":
    main()
