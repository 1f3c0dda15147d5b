"""
MobileNetV2 of keras.applications with weights from formulas, under Keras' names: what loading weights of Keras is held to. Needs Keras
(`KERAS_BACKEND=torch`); not part of `generate.py`.
"""

import os
import sys

sys.dont_write_bytecode = True
os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

from formula import Formula
from schema import case, write

torch.set_num_threads(1)
keras.config.set_floatx("float64")
OUTPUTS = 10


def formula(leaf, shape, seed):
    """Weights and statistics that keep activations of order one, none of them 0 or 1."""
    if leaf == "moving_variance":
        return Formula(shape, seed, scale=0.4, center=1.0, dtype="f32")
    if len(shape) == 1:
        return Formula(shape, seed, scale=0.2, center=0.6 if leaf == "gamma" else 0.0, dtype="f32")
    fan_in = shape[0] * shape[1] * (1 if shape[3] == 1 else shape[2]) if len(shape) == 4 else shape[0]
    return Formula(shape, seed, scale=((3 if len(shape) == 4 else 1) / fan_in) ** 0.5, dtype="f32")


def cases():
    model = keras.applications.MobileNetV2(
        weights=None, input_shape=(65, 64, 3), classes=OUTPUTS, classifier_activation=None
    )
    tensors = {}
    for layer in model.layers:
        for variable in layer.weights:
            stored = formula(variable.name, tuple(variable.shape), 6000 + len(tensors))
            variable.assign(stored.tensor().double().numpy())
            tensors[f"tensors.{layer.name}/{variable.name}"] = stored
    x = Formula((2, 65, 64, 3), 5900, scale=3**0.5, dtype="f32")
    with torch.no_grad():
        value = model(x.tensor().double(), training=False)
    print(value.abs().max().item(), len(tensors))
    yield case("keras MobileNetV2", "mobileNetV2", {"outputs": OUTPUTS}, {"x": x, **tensors}, {"value": value})


write("keras-networks", f"keras {keras.__version__}, torch {torch.__version__}", list(cases()))
