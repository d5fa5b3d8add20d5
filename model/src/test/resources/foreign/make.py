"""Makes the tiny checkpoints of this folder: one random BERT, as PyTorch of 2019 saved it, as half-precision
shards, and as ONNX. Run with PyTorch and transformers, once: `python make.py`. The expected tensors are Python's."""
import json, os, pathlib, torch
from safetensors.torch import save_file
from torch import nn
from torch.onnx._internal.torchscript_exporter import onnx_proto_utils
from transformers import BertConfig, BertForPreTraining, BertModel

here = pathlib.Path(__file__).parent
torch.manual_seed(7)
V, H, I, P, LAYERS, HEADS = 24, 8, 12, 16, 3, 2
config = BertConfig(vocab_size=V, hidden_size=H, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
                    intermediate_size=I, max_position_embeddings=P, initializer_range=0.5)
bert = BertForPreTraining(config).eval()
for name, weight in bert.named_parameters():
    if "LayerNorm" in name or name.endswith("bias"):
        nn.init.normal_(weight, 0.5, 0.5)
state = bert.state_dict()
ours = {k: v.clone().contiguous() for k, v in state.items()
        if k.startswith(("bert.embeddings", "bert.encoder", "cls.predictions"))
        and "decoder" not in k and "position_ids" not in k}


def folder(name):
    (here / name).mkdir(exist_ok=True)
    return here / name


# torch/: old LayerNorm names, buffers, pooler, next-sentence head, the decoder's copies of tied weights
out = folder("torch")
config.save_pretrained(out)
old = type(state)((k.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"), v)
                  for k, v in state.items())
old["bert.embeddings.position_ids"] = torch.arange(P)[None]
old._metadata = state._metadata
torch.save(old, out / "pytorch_model.bin")
save_file(ours, out / "expected.safetensors")

# half/: bfloat16 and float16 by turns, in two shards
out = folder("half")
config.save_pretrained(out)
half = {k: v.bfloat16() if i % 2 else v.half() for i, (k, v) in enumerate(ours.items())}
shards = {f"model-0000{i + 1}-of-00002.safetensors": dict(list(half.items())[i * 9:(i + 1) * 9 if i == 0 else None])
          for i in range(2)}
for file, tensors in shards.items():
    save_file(tensors, out / file, {"format": "pt"})
weight_map = {name: file for file, tensors in shards.items() for name in tensors}
(out / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": weight_map}))
save_file({k: v.float() for k, v in half.items()}, out / "expected.safetensors")


# onnx/: the encoder alone, traced from plain modules, whose graph is that of the encoders in circulation
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(H, H) for _ in range(3))

    def forward(self, h, mask):
        split = h.size()[:-1] + (HEADS, H // HEADS)
        q, k, v = (f(h).view(split).permute(0, 2, 1, 3) for f in (self.query, self.key, self.value))
        context = (q @ k.transpose(-1, -2) / (H // HEADS) ** 0.5 + mask).softmax(-1) @ v
        context = context.permute(0, 2, 1, 3).contiguous()
        return context.view(context.size()[:-2] + (H,))


class Output(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.dense, self.LayerNorm = nn.Linear(width, H), nn.LayerNorm(H, eps=1e-12)

    def forward(self, h, residual):
        return self.LayerNorm(self.dense(h) + residual)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.ModuleDict({"self": Attention(), "output": Output(H)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(H, I)})
        self.output = Output(I)

    def forward(self, h, mask):
        h = self.attention["output"](self.attention["self"](h, mask), h)
        return self.output(nn.functional.gelu(self.intermediate["dense"](h)), h)


class Embeddings(nn.Module):
    def __init__(self):
        super().__init__()
        self.word_embeddings, self.position_embeddings = nn.Embedding(V, H), nn.Embedding(P, H)
        self.token_type_embeddings, self.LayerNorm = nn.Embedding(2, H), nn.LayerNorm(H, eps=1e-12)
        self.register_buffer("position_ids", torch.arange(P)[None])

    def forward(self, ids, types):
        positions = self.position_embeddings(self.position_ids[:, :ids.size(1)])
        return self.LayerNorm(self.word_embeddings(ids) + self.token_type_embeddings(types) + positions)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embeddings = Embeddings()
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(Layer() for _ in range(LAYERS))})

    def forward(self, ids, attention, types):
        mask = (1.0 - attention[:, None, None, :].float()) * torch.finfo(torch.float32).min
        h = self.embeddings(ids, types)
        for layer in self.encoder["layer"]:
            h = layer(h, mask)
        return h


headless = {k[5:]: v for k, v in ours.items() if k.startswith("bert.")}
encoder = Encoder().eval()
encoder.load_state_dict(headless, strict=False)  # all but the buffer
reference = BertModel(config, add_pooling_layer=False).eval()
reference.load_state_dict(headless)
ids = torch.randint(0, V, (2, 5))
batch = (ids, torch.ones_like(ids), torch.zeros_like(ids))
assert torch.allclose(encoder(*batch), reference(ids).last_hidden_state, atol=1e-5)
onnx_proto_utils._add_onnxscript_fn = lambda model, functions: model  # so that the package onnx is not needed
names = ["input_ids", "attention_mask", "token_type_ids"]
torch.onnx.export(encoder, batch, str(folder("onnx") / "tiny.onnx"), input_names=names,
                  output_names=["last_hidden_state"], opset_version=11, dynamo=False,
                  dynamic_axes={name: {0: "batch_size", 1: "sequence_length"} for name in names})
