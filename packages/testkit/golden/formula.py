"""Arrays that a golden file names by a formula in place of their numbers, so that large weights cost nothing."""

from dataclasses import dataclass

import numpy as np
import torch


@dataclass(frozen=True)
class Formula:
    """
    `center + scale * (2 u - 1)` with `u` in [0, 1) from a hash of seed and flat index (the finalizer of MurmurHash3, Appleby
    2008): whole numbers, an exact division, a product and a sum in f64, so the same bits everywhere. In f32: that, rounded.
    """

    shape: tuple
    seed: int
    scale: float
    center: float = 0.0
    dtype: str = "f64"

    def tensor(self):
        index = np.arange(np.prod(self.shape), dtype=np.uint32)
        bits = index * np.uint32(0x9E3779B1) + np.uint32(self.seed * 0x85EBCA77 % 2**32)
        bits = (bits ^ (bits >> 16)) * np.uint32(0x85EBCA6B)
        bits = (bits ^ (bits >> 13)) * np.uint32(0xC2B2AE35)
        uniform = (bits ^ (bits >> 16)).astype(np.float64) / 2.0**32
        values = torch.from_numpy(self.center + self.scale * (2 * uniform - 1)).reshape(self.shape)
        return values.float() if self.dtype == "f32" else values

    def stored(self):
        formula = {"seed": self.seed, "scale": self.scale, "center": self.center}
        return {"shape": list(self.shape), "dtype": self.dtype, "formula": formula}
