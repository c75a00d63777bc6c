"""Muon for the matrices of the layers: momentum whose singular values are all brought to one, after which fewer tokens are needed.

The steps of Newton and Schulz with the coefficients of K. Jordan (2024), "Muon: an optimizer for hidden layers in neural networks".
"""
import torch

_STEPS = 4
_A, _B, _C = 3.4445, -4.7750, 2.0315


def orthogonal(x):
    """(n, rows, columns) with rows <= columns: each matrix with its singular values near one."""
    x = x / (torch.linalg.vector_norm(x, dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(_STEPS):
        square = torch.bmm(x, x.transpose(1, 2))
        mix = torch.baddbmm(square, square, square, beta=_B, alpha=_C)
        x = torch.baddbmm(x, mix, x, beta=_A)
    return x


class Muon(torch.optim.Optimizer):
    """Parameters are matrices; "parts" of a group says of how many square or tall matrices each one is a stack."""

    def __init__(self, groups, lr=0.02, momentum=0.95, weight_decay=0.0):
        super().__init__(groups, dict(lr=lr, momentum=momentum, weight_decay=weight_decay, parts=1))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            steps = []
            for p in group["params"]:
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                steps.append(p.grad.lerp(state["momentum"], group["momentum"]).view(group["parts"], -1, p.shape[1]))
            sizes = [len(s) for s in steps]
            stack = torch.cat(steps)
            tall = stack.shape[1] > stack.shape[2]
            made = orthogonal(stack.transpose(1, 2).contiguous() if tall else stack)
            made = made.transpose(1, 2) if tall else made
            scale = max(1.0, made.shape[1] / made.shape[2]) ** 0.5
            for p, step in zip(group["params"], made.split(sizes)):
                p.mul_(1 - group["lr"] * group["weight_decay"]).add_(step.reshape(p.shape), alpha=-group["lr"] * scale)
