"""Rates of Keras's ReduceLROnPlateau. Needs keras besides the rest, so it is no part of generate.py: python keras_plateau.py"""

import os
import sys

os.environ["KERAS_BACKEND"] = "torch"
sys.dont_write_bytecode = True

import keras
import numpy
import torch

from regularization import PLATEAUS, RATE, progress
from schema import case, write


def trace(name, config, falling, seed):
    values = progress(seed, falling)
    model = keras.Sequential([keras.layers.Input([1]), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(RATE), loss="mse")
    callback = keras.callbacks.ReduceLROnPlateau(
        monitor="val_loss",
        mode="min" if falling else "max",
        factor=config.get("factor", 0.1),
        patience=config.get("patience", 10),
        min_delta=config.get("threshold", 1e-4),
        cooldown=config.get("cooldown", 0),
        min_lr=config.get("minimum", 0.0),
    )
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        rates.append(float(model.optimizer.learning_rate.numpy()))
        callback.on_epoch_end(epoch, {"val_loss": float(value)})
    assert rates[-1] < rates[0], name
    config = {key: value for key, value in config.items() if key != "thresholdMode"}
    return case(
        f"plateau {name}",
        "reduceOnPlateau",
        {"learningRate": RATE, **config, "compat": "keras", "direction": "minimize" if falling else "maximize"},
        {"values": values},
        {"rates": torch.tensor(rates, dtype=torch.float64)},
    )


write(
    "keras-plateau",
    f"keras {keras.__version__}, numpy {numpy.__version__}",
    [trace(*spec, seed) for seed, spec in enumerate(PLATEAUS)],
)
