"""The golden files' schema: cases of named arrays, in Hooke's layouts, written so that they read and diff well."""

import json
from pathlib import Path

import numpy as np
import torch

from formula import Formula

FOLDER = Path(__file__).parent
DTYPES = {"float64": "f64", "float32": "f32", "int64": "i32", "int32": "i32", "bool": "bool"}


def case(name, operation, config=None, inputs=None, outputs=None, **groups):
    """A case. `groups`: derivatives, gradients, secondGradients."""
    filled = {"inputs": inputs, "outputs": outputs, **groups}
    arrays = {
        group: {key: host(value) for key, value in entries.items()} for group, entries in filled.items() if entries
    }
    return {"name": name, "operation": operation, "config": config or {}, **arrays}


def host(value):
    """A tensor, array or number as a numpy array; a formula stays one."""
    if isinstance(value, Formula):
        return value
    if isinstance(value, torch.Tensor):
        return value.numpy(force=True).copy()
    return np.asarray(value, dtype=np.float64 if isinstance(value, float) else None)


def write(name, source, cases):
    names = [entry["name"] for entry in cases]
    assert len(set(names)) == len(names), f"{name}: two cases share a name"
    body = ",\n".join("  " + render(entry, "  ") for entry in cases)
    text = f'{{\n"source": {json.dumps(source)},\n"cases": [\n{body}\n]\n}}\n'
    json.loads(text, parse_constant=lambda constant: (_ for _ in ()).throw(ValueError(f"{name}: {constant}")))
    (FOLDER / f"{name}.json").write_text(text)
    print(f"{name}: {len(cases)} cases, {len(text) / 1024:.0f} KiB")


def render(value, indent):
    if isinstance(value, Formula):
        return json.dumps(value.stored())
    if isinstance(value, np.ndarray):
        dtype = DTYPES[value.dtype.name]
        return f'{{"shape": {json.dumps(list(value.shape))}, "dtype": "{dtype}", "data": [{numbers(value)}]}}'
    if isinstance(value, dict) and any(isinstance(entry, (dict, np.ndarray, Formula)) for entry in value.values()):
        inner = indent + "  "
        return (
            "{\n"
            + ",\n".join(f"{inner}{json.dumps(key)}: {render(entry, inner)}" for key, entry in value.items())
            + f"\n{indent}}}"
        )
    return json.dumps(value, allow_nan=False)


def numbers(array):
    """Shortest decimals that read back as the same bits, as float32 where the array is float32."""
    assert np.isfinite(array).all(), "JSON has no NaN and no infinity"
    texts = [np.format_float_scientific(v, unique=True, trim="-") if is_long(v) else shortest(v) for v in array.ravel()]
    back = np.array([float(text) for text in texts]).astype(array.dtype).reshape(array.shape)
    assert np.array_equal(back, array)
    return ", ".join(texts)


def is_long(v):
    """Whether plain notation would need many zeros."""
    return isinstance(v, np.floating) and v != 0 and not 1e-4 <= abs(v) < 1e16


def shortest(v):
    return str(int(v)) if isinstance(v, (np.integer, np.bool_)) else np.format_float_positional(v, unique=True, trim="-")
