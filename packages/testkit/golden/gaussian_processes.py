"""Gaussian processes by scikit-learn: the largest evidence of the best of 5 restarts and what it predicts, on data of this repository and on
made-up rows.

Not part of generate.py: pip install scikit-learn==1.9.1, then python gaussian_processes.py"""

import sys

sys.dont_write_bytecode = True

import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern, WhiteKernel

from schema import case, write

CONCRETE = Path(__file__).parents[3] / "examples/concrete/data/concrete.csv"
KERNELS = {
    "matern52": lambda scales: Matern(scales, (1e-3, 1e5), nu=2.5),
    "matern32": lambda scales: Matern(scales, (1e-3, 1e5), nu=1.5),
    "rbf": lambda scales: RBF(scales, (1e-3, 1e5)),
}


def process(name, x, y, train, kernel, relevance):
    """Inputs and targets in deviations of the training rows, as Hooke takes them."""
    mean, std = x[:train].mean(axis=0), x[:train].std(axis=0)
    centre, scale = y[:train].mean(), y[:train].std()
    z, t = (x - mean) / std, (y - centre) / scale
    scales = np.ones(x.shape[1]) if relevance else 1.0
    prior = ConstantKernel(1.0, (1e-4, 1e6)) * KERNELS[kernel](scales) + WhiteKernel(0.1, (1e-8, 1e2))
    model = GaussianProcessRegressor(prior, n_restarts_optimizer=5, random_state=0).fit(z[:train], t[:train])
    predicted, deviation = model.predict(z[train:], return_std=True)
    outputs = {
        "logEvidence": model.log_marginal_likelihood_value_,
        "means": predicted * scale + centre,
        "deviations": deviation * scale,
    }
    settings = {"kernel": kernel, "relevance": relevance, "train": train}
    return case(name, "gaussianProcess", settings, {"inputs": x, "targets": y}, outputs)


def made_up():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(120, 4))
    y = np.sin(2 * x[:, 0]) + 0.5 * x[:, 1] ** 2 + 0.1 * rng.normal(size=120)
    return x, y


def concrete():
    rows = np.loadtxt(CONCRETE, delimiter=",", skiprows=1)
    rows = rows[np.random.default_rng(1).permutation(len(rows))[:300]]
    return rows[:, :-1], rows[:, -1]


warnings.simplefilter("ignore")
write(
    "gaussian-processes",
    f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    [
        *(process(f"made up, {kernel}", *made_up(), 80, kernel, True) for kernel in KERNELS),
        process("made up, one length scale", *made_up(), 80, "matern52", False),
        process("concrete", *concrete(), 200, "matern52", True),
    ],
)
