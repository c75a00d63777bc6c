"""The demo model: a small Llama in PyTorch 1.13, written so that two CPU cores keep up.

Shapes: B sequences, T tokens, D hidden width, H heads of S columns, F feed-forward width, V vocabulary.
"""
import math
from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Shape:
    vocabulary: int = 3072
    hidden: int = 256
    layers: int = 6
    heads: int = 4
    feed_forward: int = 768
    context: int = 1024
    rope_base: float = 10000.0
    epsilon: float = 1e-5

    @property
    def head_size(self):
        return self.hidden // self.heads

    def to_dict(self):
        return asdict(self)


class _Norm(torch.autograd.Function):
    """RMSNorm with few passes over memory; autograd's own chain of operations costs three times as much here."""

    @staticmethod
    def forward(ctx, x, weight, epsilon):
        scale = torch.linalg.vector_norm(x, dim=-1, keepdim=True).square_().div_(x.shape[-1]).add_(epsilon).rsqrt_()
        normal = x * scale
        ctx.save_for_backward(normal, scale, weight)
        return normal * weight

    @staticmethod
    def backward(ctx, gradient):
        normal, scale, weight = ctx.saved_tensors
        product = gradient * normal
        to_weight = product.reshape(-1, product.shape[-1]).sum(0)
        mean = torch.mv(product.reshape(-1, product.shape[-1]), weight).div_(product.shape[-1]).view_as(scale)
        to_x = (gradient * weight).addcmul_(normal, mean, value=-1).mul_(scale)
        return to_x, to_weight, None


class Norm(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(shape.hidden))
        self.epsilon = shape.epsilon

    def forward(self, x):
        return _Norm.apply(x, self.weight, self.epsilon)


def rotations(shape, length):
    """(length, S/2) complex: e^(i · position · frequency) for each adjacent pair of columns, as GGUF's llama files have them."""
    frequency = shape.rope_base ** (-torch.arange(0, shape.head_size, 2, dtype=torch.float64) / shape.head_size)
    angle = torch.arange(length, dtype=torch.float64)[:, None] * frequency
    return torch.polar(torch.ones_like(angle), angle).to(torch.complex64)


class Layer(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        d, f = shape.hidden, shape.feed_forward
        self.attention_norm = Norm(shape)
        self.qkv = nn.Linear(d, 3 * d, bias=False)
        self.output = nn.Linear(d, d, bias=False)
        self.feed_norm = Norm(shape)
        self.gate_up = nn.Linear(d, 2 * f, bias=False)
        self.down = nn.Linear(f, d, bias=False)

    def forward(self, x, rotation, mask, past=None):
        b, t, d = x.shape
        h, s = self.shape.heads, self.shape.head_size
        qkv = self.qkv(self.attention_norm(x)).view(b, t, 3, h, s)
        pairs = torch.view_as_complex(qkv[:, :, :2].reshape(b, t, 2, h, s // 2, 2))
        turned = torch.view_as_real(pairs * rotation[None, :, None, None]).reshape(b, t, 2, h, s)
        q, k = turned.permute(2, 0, 3, 1, 4)                       # each (B, H, T, S)
        v = qkv[:, :, 2].transpose(1, 2)
        if past is not None:
            k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        keys = k.shape[2]
        scores = torch.baddbmm(mask.expand(b * h, t, keys), q.reshape(b * h, t, s),
                               k.reshape(b * h, keys, s).transpose(1, 2), alpha=1 / math.sqrt(s))
        mixed = torch.bmm(torch.softmax(scores, -1), v.reshape(b * h, keys, s))
        x = x + self.output(mixed.view(b, h, t, s).transpose(1, 2).reshape(b, t, d))
        gate, up = self.gate_up(self.feed_norm(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up), (k, v)


class Model(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.hidden)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = Norm(shape)
        self.head = nn.Linear(shape.hidden, shape.vocabulary, bias=False)
        self.register_buffer("rotation", rotations(shape, shape.context), persistent=False)
        # A token must not drown in what the layers add to it: its embedding begins large, and what they add with nothing.
        for name, weight in self.named_parameters():
            if name.startswith("embedding"):
                nn.init.normal_(weight, std=0.7)
            elif name.endswith(("output.weight", "down.weight")):
                nn.init.zeros_(weight)
            elif weight.dim() == 2:
                nn.init.normal_(weight, std=0.02 if name.startswith("head") else 0.04)

    def hidden(self, ids, past=None):
        """Last hidden states (B, T, D) of ids (B, T), and keys and values for the tokens to come."""
        start = 0 if past is None else past[0][0].shape[2]
        t = ids.shape[1]
        x = self.embedding(ids)
        mask = torch.full((t, start + t), -1e9).triu_(start + 1)
        rotation = self.rotation[start:start + t]
        now = []
        for index, layer in enumerate(self.layers):
            x, kept = layer(x, rotation, mask, None if past is None else past[index])
            now.append(kept)
        return self.norm(x), now

    def logits(self, hidden):
        return self.head(hidden)

    def loss(self, ids, wanted):
        """Mean cross entropy of the next tokens where wanted (B, T) is true, wanted[i] being about ids[i]."""
        hidden, _ = self.hidden(ids[:, :-1])
        chosen = wanted[:, 1:]
        return F.cross_entropy(self.logits(hidden[chosen]), ids[:, 1:][chosen])
