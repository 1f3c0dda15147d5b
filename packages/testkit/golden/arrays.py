"""Functions of whole arrays: reductions, softmax, products, convolution, pooling, indexing, sorting."""

import numpy as np
import torch
import torch.nn.functional as F

from derive import gradients_of, normal
from schema import case

CONVOLUTIONS = [
    ("conv 1d", [2, 7, 3], [3, 3, 4], {}),
    ("conv 1d stride dilation", [2, 11, 2], [3, 2, 3], {"stride": [2], "dilation": [2], "padding": [[1, 2]]}),
    ("conv 2d", [2, 5, 6, 3], [3, 2, 3, 4], {}),
    ("conv 2d same", [1, 5, 5, 2], [3, 3, 2, 3], {"padding": [[1, 1], [1, 1]]}),
    ("conv 2d asymmetric", [2, 6, 5, 2], [3, 3, 2, 2], {"stride": [2, 1], "padding": [[0, 1], [2, 1]]}),
    ("conv 2d leftover", [1, 8, 7, 2], [3, 3, 2, 2], {"stride": [3, 2]}),
    ("conv 2d dilation", [1, 8, 7, 2], [3, 2, 2, 3], {"dilation": [2, 3], "padding": [[2, 1], [0, 1]]}),
    ("conv 2d groups", [2, 5, 4, 4], [2, 3, 2, 6], {"groups": 2, "padding": [[1, 0], [1, 1]]}),
    ("conv 2d depthwise", [1, 6, 6, 3], [3, 3, 1, 6], {"groups": 3, "stride": [2, 2], "padding": [[1, 1], [1, 1]]}),
    ("conv 2d pointwise", [2, 3, 3, 4], [1, 1, 4, 5], {"stride": [2, 2]}),
    ("conv 3d", [1, 4, 4, 5, 2], [2, 3, 2, 2, 3], {"stride": [1, 2, 2], "padding": [[1, 0], [1, 1], [0, 1]]}),
    (
        "conv 3d groups dilation",
        [1, 5, 4, 4, 2],
        [2, 2, 2, 1, 4],
        {"dilation": [2, 1, 3], "groups": 2, "padding": [[0, 0], [0, 1], [1, 2]]},
    ),
]

POOLINGS = [
    ("1d", [2, 9, 3], {"window": [3], "stride": [2]}),
    ("1d padded", [1, 8, 2], {"window": [3], "stride": [2], "padding": [[1, 2]]}),
    ("2d", [2, 6, 6, 2], {"window": [2, 2], "stride": [2, 2]}),
    ("2d overlapping", [1, 6, 5, 2], {"window": [3, 2], "stride": [1, 2], "padding": [[1, 1], [0, 1]]}),
    ("2d leftover", [1, 7, 8, 2], {"window": [3, 3], "stride": [2, 3]}),
    ("3d", [1, 4, 5, 4, 2], {"window": [2, 3, 2], "stride": [2, 2, 1], "padding": [[0, 0], [1, 1], [1, 0]]}),
]


def channels_first(x):
    return x.movedim(-1, 1)


def channels_last(x):
    return x.movedim(1, -1)


def padded(x, padding, value=0.0):
    """Pads the spatial dimensions of a channels-first array, each side by its own amount."""
    return F.pad(x, [side for pair in reversed(padding) for side in pair], value=value)


def conv(x, kernel, stride, padding, dilation, groups):
    """Hooke's convolution: `x[N, ...spatial, Cin]`, `kernel[...window, Cin / groups, Cout]`."""
    fn = [F.conv1d, F.conv2d, F.conv3d][x.dim() - 3]
    weight = kernel.movedim(-1, 0).movedim(-1, 1)
    return channels_last(
        fn(padded(channels_first(x), padding), weight, stride=stride, dilation=dilation, groups=groups)
    )


def max_pool(x, window, stride, padding):
    fn = [F.max_pool1d, F.max_pool2d, F.max_pool3d][x.dim() - 3]
    return channels_last(fn(padded(channels_first(x), padding, -torch.inf), window, stride))


def average_pool(x, window, stride, padding):
    """Padding counts as zeros."""
    fn = [F.avg_pool1d, F.avg_pool2d, F.avg_pool3d][x.dim() - 3]
    return channels_last(fn(padded(channels_first(x), padding), window, stride))


def sum_pool(x, window, stride, padding):
    return average_pool(x, window, stride, padding) * torch.tensor(window).prod()


def single(name, operation, config, fn, seed, **inputs):
    """A case of one output, with a random cotangent, differentiated in every floating input."""
    arrays = {key: value for key, value in inputs.items()}
    wrt = [key for key, value in arrays.items() if value.is_floating_point()]
    shape = fn(**arrays).shape
    return case(name, operation, config, **gradients_of(fn, arrays, wrt, normal(*shape, seed=seed + 1000)))


def convolution_cases():
    for seed, (name, shape, window, given) in enumerate(CONVOLUTIONS):
        rank = len(shape) - 2
        config = {"stride": [1] * rank, "padding": [[0, 0]] * rank, "dilation": [1] * rank, "groups": 1, **given}
        fn = lambda x, kernel, config=config: conv(x, kernel, **config)
        yield single(
            name, "conv", config, fn, seed, x=normal(*shape, seed=seed + 100), kernel=normal(*window, seed=seed + 200)
        )


def pooling_cases():
    for operation, pool in [("maxPool", max_pool), ("averagePool", average_pool), ("sumPool", sum_pool)]:
        for seed, (name, shape, given) in enumerate(POOLINGS):
            config = {"padding": [[0, 0]] * (len(shape) - 2), **given}
            # Shifted below zero: a maximum that treats padding as zero, or drops windows without positive values, shows.
            x = normal(*shape, seed=seed + 300) - 1
            yield single(f"{operation} {name}", operation, config, lambda x, p=pool, c=config: p(x, **c), seed, x=x)
    ties = torch.tensor([0.0, 0, -1, -1, 2, 2, 2, 1, 0, 0, 0, 0, 3, 3, 1, 3]).double().reshape(1, 4, 4, 1)
    config = {"window": [2, 2], "stride": [2, 2], "padding": [[0, 0], [0, 0]]}
    yield single("maxPool ties", "maxPool", config, lambda x: max_pool(x, **config), 7, x=ties)


def reduction_cases():
    x = normal(3, 4, 5, seed=400)
    for name, fn in [("max", torch.amax), ("min", torch.amin), ("logSumExp", torch.logsumexp)]:
        for axes in [[0], [-1], [0, 2]]:
            yield single(f"{name} {axes}", name, {"axes": axes}, lambda x, fn=fn, axes=axes: fn(x, axes), 410, x=x)
    ties = torch.tensor([[1.0, 3, 3, 2], [0, 0, 0, 0]]).double()
    yield single("max ties", "max", {"axes": [1]}, lambda x: torch.amax(x, 1), 411, x=ties)
    yield single("min ties", "min", {"axes": [1]}, lambda x: torch.amin(x, 1), 412, x=ties)
    yield single(
        "logSumExp extremes",
        "logSumExp",
        {"axes": [1]},
        lambda x: torch.logsumexp(x, 1),
        413,
        x=torch.tensor([[900.0, 899, -900], [-700, -701, -702]]).double(),
    )
    for name, fn in [("softmax", torch.softmax), ("logSoftmax", torch.log_softmax)]:
        for axis in [0, -1]:
            yield single(
                f"{name} {axis}",
                name,
                {"axis": axis},
                lambda x, fn=fn, axis=axis: fn(x, axis),
                420,
                x=normal(4, 5, seed=421),
            )
        yield single(
            f"{name}(tanh(x*x))",
            name,
            {"axis": -1, "nested": "tanh(x*x)"},
            lambda x, fn=fn: fn(torch.tanh(x * x), -1),
            422,
            x=normal(3, 4, seed=423),
        )


def scan_cases():
    x = normal(3, 5, seed=430)
    for axis in [0, 1]:
        yield single(
            f"cumsum {axis}", "cumsum", {"axis": axis, "reverse": False}, lambda x, a=axis: x.cumsum(a), 431, x=x
        )
        yield single(
            f"cumsum {axis} reverse",
            "cumsum",
            {"axis": axis, "reverse": True},
            lambda x, a=axis: x.flip(a).cumsum(a).flip(a),
            432,
            x=x,
        )
        yield single(f"sort {axis}", "sort", {"axis": axis}, lambda x, a=axis: x.sort(a).values, 433, x=x)
        down = lambda x, a=axis: x.sort(a, descending=True).values
        yield single(f"sort {axis} descending", "sort", {"axis": axis, "descending": True}, down, 434, x=x)
        yield single(f"topK {axis}", "topK", {"axis": axis, "k": 2}, lambda x, a=axis: x.topk(2, a).values, 435, x=x)
        before = lambda x, a=axis: x.cumsum(a) - x
        config = {"axis": axis, "reverse": False, "exclusive": True}
        yield single(f"cumsum {axis} exclusive", "cumsum", config, before, 436, x=x)
        yield from running_products(axis)
    yield from products_with_zeros()


def exclusive(x, axis):
    """Elements moved on along an axis, behind a one."""
    return torch.cat([torch.ones_like(x.narrow(axis, 0, 1)), x.narrow(axis, 0, x.shape[axis] - 1)], axis)


def with_zeros(*shape, seed, zeros):
    x = normal(*shape, seed=seed)
    x.view(-1)[zeros] = 0
    return x


def running_products(axis):
    for name, zeros in [("", []), (" zero", [6]), (" zeros", [1, 3, 5, 6, 11, 13])]:
        x = with_zeros(3, 5, seed=440, zeros=zeros)
        for reverse in [False, True]:
            turned = lambda x, a=axis, r=reverse: x.flip(a) if r else x
            for name_of, before in [("", lambda x, a: x), (" exclusive", exclusive)]:
                fn = lambda x, a=axis, t=turned, b=before: t(b(t(x), a).cumprod(a))
                config = {"axis": axis, "reverse": reverse, "exclusive": bool(name_of)}
                title = f"cumprod {axis}{' reverse' if reverse else ''}{name_of}{name}"
                yield single(title, "cumprod", config, fn, 441, x=x)


def products_with_zeros():
    for name, zeros in [("", []), (" zero", [6]), (" zeros", [1, 3, 5, 6, 11, 13])]:
        x = with_zeros(3, 5, seed=450, zeros=zeros)
        yield single(f"prod 0{name}", "prod", {"axes": [0]}, lambda x: x.prod(0), 451, x=x)
        yield single(f"prod 1{name}", "prod", {"axes": [1]}, lambda x: x.prod(1), 452, x=x)
        yield single(f"prod{name}", "prod", {"keepDims": True}, lambda x: x.prod().reshape(1, 1), 453, x=x)


def product_cases():
    for seed, (name, a, b, ta, tb) in enumerate(
        [
            ("matmul", [3, 4], [4, 5], False, False),
            ("matmul transposed left", [4, 3], [4, 5], True, False),
            ("matmul transposed right", [3, 4], [5, 4], False, True),
            ("matmul transposed both", [4, 3], [5, 4], True, True),
            ("matmul batched", [2, 3, 4], [2, 4, 2], False, False),
            ("matmul batched transposed", [2, 4, 3], [2, 2, 4], True, True),
            ("matmul broadcast batch", [2, 1, 3, 4], [3, 4, 2], False, False),
            ("matmul stack times matrix", [2, 3, 4], [4, 2], False, False),
        ]
    ):
        swap = lambda m, flag: m.transpose(-1, -2) if flag else m
        fn = lambda a, b, ta=ta, tb=tb: swap(a, ta) @ swap(b, tb)
        config = {"transposeA": ta, "transposeB": tb}
        yield single(
            name, "matmul", config, fn, 500 + seed, a=normal(*a, seed=510 + seed), b=normal(*b, seed=520 + seed)
        )


def positive(*shape, seed):
    """Positive definite matrices that are not symmetric: their symmetric part counts."""
    return normal(*shape, seed=seed) / 2 + shape[-1] * torch.eye(shape[-1], dtype=torch.float64)


def nearly_singular():
    """Of condition 1e6 to 1e9, and with factors whose elements are sums of few powers of two: no digit is lost on the way."""
    yield "two rows", torch.tensor([[1.0, 0.0], [1.0, 2.0**-11]])
    yield "three rows", torch.tensor([[2.0, 0.0, 0.0], [1.0, 2.0**-10, 0.0], [-3.0, 0.5, 2.0**-12]])


def factorization_cases():
    symmetric = lambda x: (x + x.mT) / 2
    factor = lambda x: torch.linalg.cholesky(symmetric(x))
    for seed, shape in enumerate([[1, 4, 4], [2, 3, 3]]):
        x = positive(*shape, seed=530 + seed)
        yield single(f"cholesky {shape}", "cholesky", {}, factor, 532 + seed, x=x)
        log_determinant = lambda x: torch.logdet(symmetric(x))
        yield single(f"logDeterminantPositive {shape}", "logDeterminantPositive", {}, log_determinant, 534 + seed, x=x)
        inverse = lambda x: torch.linalg.inv(symmetric(x))
        yield single(f"inversePositive {shape}", "inversePositive", {}, inverse, 536 + seed, x=x)
        solution = lambda a, b: torch.linalg.solve(symmetric(a), b)
        b = normal(*shape[:-1], 2, seed=538 + seed)
        yield single(f"solvePositive {shape}", "solvePositive", {}, solution, 540 + seed, a=x, b=b)
    for name, lower in nearly_singular():
        x = lower.double() @ lower.double().mT
        yield single(f"cholesky nearly singular, {name}", "cholesky", {}, factor, 542, x=x)
    for lower in [True, False]:
        for turned in [False, True]:
            config = {"lower": lower, "transposeA": turned}

            def substituted(a, b, lower=lower, turned=turned):
                a = a.tril() if lower else a.triu()
                return torch.linalg.solve_triangular(a.mT if turned else a, b, upper=lower == turned)

            a, b = positive(2, 3, 3, seed=543), normal(2, 3, 2, seed=544)
            name = f"triangularSolve {'lower' if lower else 'upper'}{' transposed' if turned else ''}"
            yield single(name, "triangularSolve", config, substituted, 545, a=a, b=b)


def indexing_cases():
    x = normal(4, 3, 5, seed=600)
    indices = torch.tensor([[3, 0], [0, 0], [1, 3]], dtype=torch.int32)
    for axis in range(3):
        allowed = indices % x.shape[axis]
        # numpy's take: the indices' shape replaces the axis.
        fn = lambda x, indices, a=axis: x.index_select(a, indices.flatten()).reshape(
            *x.shape[:a], *indices.shape, *x.shape[a + 1 :]
        )
        yield single(f"gather {axis}", "gather", {"axis": axis}, fn, 610 + axis, x=x, indices=allowed)
    for axis in range(2):
        where = torch.tensor([2, 0, 2, 5, 2], dtype=torch.int32)
        shape = [5, 3] if axis == 0 else [3, 5]
        size = [6, 3] if axis == 0 else [3, 6]
        fn = lambda indices, updates, a=axis, s=size: torch.zeros(s, dtype=torch.float64).index_add(a, indices, updates)
        yield single(
            f"scatterAdd {axis}",
            "scatterAdd",
            {"axis": axis, "size": 6},
            fn,
            620 + axis,
            indices=where,
            updates=normal(*shape, seed=630),
        )


EINSUMS = [
    ("ij,kj", [3, 4], [2, 4]),
    ("bij,bkj->ikb", [2, 3, 4], [2, 2, 4]),
    ("bqhd,bkhd->bhqk", [2, 3, 2, 3], [2, 2, 2, 3]),
    ("iij->ji", [3, 3, 2]),
    ("ijj,jk->i", [2, 3, 3], [3, 4]),
    ("i,jk->kij", [2], [3, 2]),
    ("...ij,...jk->...ik", [2, 1, 3, 2], [3, 2, 2]),
    ("i...,j...", [2, 1, 3], [3, 2, 3]),
    ("ij,jk,kl->il", [2, 3], [3, 4], [4, 2]),
    ("bn,anm,bm->ba", [2, 3], [2, 3, 4], [2, 4]),
]


def einsum_cases():
    for seed, (notation, *shapes) in enumerate(EINSUMS):
        fn = lambda notation=notation, **arrays: torch.einsum(notation, *arrays.values())
        arrays = {"abc"[i]: normal(*shape, seed=660 + 10 * seed + i) for i, shape in enumerate(shapes)}
        yield single(f"einsum {notation}", "einsum", {"notation": notation}, fn, 650 + seed, **arrays)


def writing_cases():
    x = normal(4, 3, seed=760)
    for axis, indices in [(0, [2, 0, 2, 3]), (1, [1, 1, 2])]:
        where = torch.tensor(indices, dtype=torch.int32)
        updates = normal(*(x.shape[:axis] + where.shape + x.shape[axis + 1 :]), seed=761 + axis)

        def overwritten(x, indices, updates, axis=axis):
            for k, index in enumerate(indices):
                x = x.index_copy(axis, index.long().reshape(1), updates.narrow(axis, k, 1))
            return x

        raised = lambda x, indices, updates, axis=axis: x.index_reduce(axis, indices, updates, "amax")
        for name, fn in [("scatterSet", overwritten), ("scatterMax", raised)]:
            yield single(f"{name} {axis}", name, {"axis": axis}, fn, 763, x=x, indices=where, updates=updates)


def segment_cases():
    """Rows of segments, one empty and one of a single row, by `index_add` and its kin."""
    where = torch.tensor([3, 0, 1, 3, 1, 3], dtype=torch.int32)
    x = normal(6, 3, seed=770)

    def total(x, ids):
        return torch.zeros(4, x.shape[1], dtype=x.dtype).index_add(0, ids, x)

    def mean(x, indices):
        sizes = torch.bincount(indices.long(), minlength=4).clamp(min=1)
        return total(x, indices.long()) / sizes[:, None]

    def largest(x, indices):
        ids = indices.long()[:, None].expand_as(x)
        return torch.zeros(4, x.shape[1], dtype=x.dtype).scatter_reduce(0, ids, x, "amax", include_self=False)

    def softmax(x, indices):
        exponential = torch.exp(x - x.max())
        return exponential / total(exponential, indices.long())[indices.long()]

    added = lambda x, indices: total(x, indices.long())
    functions = [("segmentSum", added), ("segmentMean", mean), ("segmentMax", largest), ("segmentSoftmax", softmax)]
    for seed, (name, fn) in enumerate(functions):
        yield single(name, name, {"count": 4}, fn, 771 + seed, x=x, indices=where)


def arrangement_cases():
    x = normal(4, 5, seed=640)
    config = {"start": [3, None], "limit": [0, None], "strides": [-2, -1]}
    back = lambda x: x[np.arange(4)[3:0:-2].copy()][:, np.arange(5)[::-1].copy()]
    yield single("slice backwards", "slice", config, back, 641, x=x)
    config = {"axis": 1, "parts": [2, 3], "part": 1}
    yield single("splitAxis", "splitAxis", config, lambda x: x.split([2, 3], 1)[1], 642, x=x)
    for name, fn in [("triu", torch.triu), ("tril", torch.tril)]:
        for diagonal in [0, 2, -1]:
            triangle = lambda x, fn=fn, d=diagonal: fn(x, d)
            yield single(f"{name} {diagonal}", name, {"diagonal": diagonal}, triangle, 643, x=x)
    for repeats in [[3], [2, 1, 3]]:
        yield single(f"tile {repeats}", "tile", {"repeats": repeats}, lambda x, r=repeats: x.tile(r), 644, x=x)
    for mode in ["reflect", "edge", "wrap"]:
        places = [np.pad(np.arange(n), amounts, mode) for n, amounts in [(4, (2, 0)), (5, (1, 13))]]
        fn = lambda x, p=places: x[p[0]][:, p[1]]
        yield single(f"pad {mode}", "pad", {"low": [2, 1], "high": [0, 13], "mode": mode}, fn, 645, x=x)


# Sizes that are multiplied by one matrix, split once and twice, prime, and a prime too large for a matrix.
FOURIER = [
    ("fft", [2, 12], {}),
    ("fft", [3, 20, 2], {"axes": [1]}),
    ("fft", [4, 3, 34], {"axes": [0, 2], "norm": "ortho"}),
    ("fft", [3, 6], {"axes": [0, 1], "norm": "forward"}),
    ("ifft", [2, 15], {}),
    ("ifft", [3, 2, 4], {"axes": [2, 0, 1]}),
    ("ifft", [36], {"norm": "forward"}),
    ("rfft", [2, 9], {}),
    ("rfft", [131], {}),
    ("rfft", [4, 6, 3], {"axes": [2, 0, 1], "norm": "ortho"}),
    ("irfft", [2, 5], {}),
    ("irfft", [4, 3], {"axes": [1, 0], "length": 7}),
    ("irfft", [3, 4], {"axes": [0, 1], "length": 7, "norm": "ortho"}),
    ("irfft", [1], {}),
]


def fourier_cases():
    for seed, (operation, shape, config) in enumerate(FOURIER):

        def fn(a, b=None, operation=operation, config=config):
            x = a if b is None else torch.complex(a, b)
            axes = config.get("axes", [-1])
            sizes = {}
            if operation == "irfft":
                length = config.get("length", max(2 * (a.shape[axes[-1]] - 1), 1))
                sizes = {"s": [a.shape[axis] for axis in axes[:-1]] + [length]}
            result = getattr(torch.fft, operation + "n")(x, dim=axes, norm=config.get("norm"), **sizes)
            return torch.stack([result.real, result.imag]) if result.is_complex() else result

        parts = ["a"] if operation == "rfft" or seed == 0 else ["a", "b"]
        inputs = {name: normal(*shape, seed=800 + 2 * seed + i) for i, name in enumerate(parts)}
        yield single(f"{operation} {shape} {config}", operation, config, fn, 840 + seed, **inputs)


def array_cases():
    for cases in [fourier_cases, einsum_cases, writing_cases, segment_cases, arrangement_cases, reduction_cases, scan_cases, product_cases, factorization_cases, convolution_cases, pooling_cases, indexing_cases]:
        yield from cases()
