# The numbers every peer computes on: the same as in problem.ts, bit for bit.
import math

import numpy as np

SURROGATE_WIDTHS = (10, 64, 64, 1)
BURGERS_WIDTHS = (2, 32, 32, 32, 1)
PUBLISHED_WIDTHS = (2, 20, 20, 20, 20, 20, 20, 20, 20, 1)
PLATE_WIDTHS = (2, 32, 32, 32, 1)
BATCH_SIZE = 64
LEARNING_RATE = 1e-3
WEIGHT_DECAY = 1e-4
POINTS = 1000
VISCOSITY = 0.01 / math.pi
# Burgers as published (Raissi et al. 2019), and how many more points show what a point costs then.
PUBLISHED_POINTS = 10_000
EDGE_POINTS = 50
MANY_POINTS = 100_000
# Rows that boosted trees and a Gaussian process learn from.
BOOSTING_ROWS = 10_000
PROCESS_ROWS = 300


def values(shape, seed, scale=1.0):
    h = np.arange(1, math.prod(shape) + 1, dtype=np.uint32) * np.uint32(2654435761)
    h += np.uint32(seed * 0x9E3779B9 % 2**32)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(2246822507)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(3266489909)
    h ^= h >> np.uint32(16)
    return ((h.astype(np.float64) / 2**31 - 1) * scale).astype(np.float32).reshape(shape)


def network(widths):
    """A list of (kernel [inputs, outputs], bias [outputs])."""
    layers = []
    for i, (inputs, outputs) in enumerate(zip(widths[:-1], widths[1:])):
        bound = 1 / math.sqrt(inputs)
        layers.append((values((inputs, outputs), 10 + 2 * i, bound), values((outputs,), 11 + 2 * i, bound)))
    return layers


def published_points(inside=None):
    """In [-1, 1] x [0, 1]: inside, at the walls, at the start; columns x, t, in f64."""

    def rows(seed, count):
        x, t = (values((count, 1), seed + i).astype(np.float64) for i in (0, 1))
        return x, (t + 1) / 2

    (x, t), (_, wall_t), (start_x, _) = rows(1, inside or PUBLISHED_POINTS), rows(3, EDGE_POINTS), rows(5, EDGE_POINTS)
    walls = np.where(np.arange(EDGE_POINTS)[:, None] % 2 == 0, -1.0, 1.0)
    return (
        np.concatenate([x, t], 1),
        np.concatenate([walls, wall_t], 1),
        np.concatenate([start_x, np.zeros_like(start_x)], 1),
    )


def plate_points():
    """In [-1, 1] x [-1, 1], in f64."""
    return np.concatenate([values((POINTS, 1), seed).astype(np.float64) for seed in (1, 2)], 1)


def surrogate_rows(rows):
    inputs = values((rows, 10), 1, 2)
    x = inputs.astype(np.float64)
    targets = x[:, 0] ** 2 + x[:, 1] * x[:, 2] - x[:, 3]
    return inputs, targets.astype(np.float32)[:, None]


def noisy_rows(rows):
    """Inputs of the surrogate, and its targets with noise, in f64."""
    inputs, targets = surrogate_rows(rows)
    return inputs.astype(np.float64), targets[:, 0].astype(np.float64) + values((rows,), 2, 0.5).astype(np.float64)
