"""Derivatives of a computation at given inputs, by torch.autograd."""

import torch


def gradients_of(fn, inputs, wrt, cotangent):
    """
    Output, gradients and second gradients of `fn(**inputs)`.

    gradients[name] = d sum(output * cotangent) / d name
    secondGradients[name] = d (sum over all gradients of their sum of squares) / d name, the cotangent among the names
    """
    leaves = {name: value.detach().clone().requires_grad_(name in wrt) for name, value in inputs.items()}
    cotangent = cotangent.detach().clone().requires_grad_(True)
    value = fn(**leaves)
    assert value.shape == cotangent.shape, f"output {tuple(value.shape)}, cotangent {tuple(cotangent.shape)}"
    gradients = partials((value * cotangent).sum(), {name: leaves[name] for name in wrt})
    squares = sum((gradient**2).sum() for gradient in gradients.values())
    second = partials(squares, {**{name: leaves[name] for name in wrt}, "cotangent": cotangent})
    return {
        "inputs": {**inputs, "cotangent": cotangent},
        "outputs": {"value": value},
        "gradients": gradients,
        "secondGradients": second,
    }


def partials(scalar, leaves):
    """d scalar / d leaf for every leaf; zero where the scalar does not depend on it."""
    if not scalar.requires_grad:
        return {name: torch.zeros_like(leaf) for name, leaf in leaves.items()}
    found = torch.autograd.grad(scalar, list(leaves.values()), create_graph=True, allow_unused=True)
    return {name: torch.zeros_like(leaf) if g is None else g for (name, leaf), g in zip(leaves.items(), found)}


def elementwise(fn, order, **inputs):
    """Value and partial derivatives up to `order` of an elementwise `fn`: "x", "xx", "xxx", or "a", "b", "aa", "ab" ..."""
    leaves = {name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in inputs.items()}
    value = fn(**leaves)
    derivatives = {}
    level = {"": value}
    for _ in range(order):
        following = {}
        for path, entry in level.items():
            # Mixed partials commute: only sorted names are kept.
            wrt = {name: leaf for name, leaf in leaves.items() if path == "" or name >= path[-1]}
            following |= {path + name: g for name, g in partials(entry.sum(), wrt).items()}
        derivatives |= following
        level = following
    return {"inputs": leaves, "outputs": {"value": value}, "derivatives": derivatives}


def normal(*shape, seed, dtype=torch.float64):
    """Standard normal numbers, rounded to four decimals to keep the files small; the same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    return (torch.randn(*shape, generator=generator, dtype=torch.float64) * 1e4).round().div(1e4).to(dtype)
