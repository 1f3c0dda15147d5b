"""Writes every golden file. See README.md; run as `python generate.py`."""

import sys

import numpy
import sklearn
import torch

sys.dont_write_bytecode = True
torch.manual_seed(0)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)

import conv  # noqa: E402
import attention  # noqa: E402
import elementwise  # noqa: E402
import initializers  # noqa: E402
import layers  # noqa: E402
import losses  # noqa: E402
import metrics  # noqa: E402
import optimizers  # noqa: E402
import regularization  # noqa: E402
import schedules  # noqa: E402
import sequences  # noqa: E402
import trajectories  # noqa: E402

TORCH = f"torch {torch.__version__}, numpy {numpy.__version__}"
SKLEARN = f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}"

attention.generate(TORCH)
elementwise.generate(TORCH)
conv.generate(TORCH)
layers.generate(TORCH)
losses.generate(TORCH)
optimizers.generate(TORCH)
trajectories.generate(TORCH)
regularization.generate(TORCH)
schedules.generate(TORCH)
sequences.generate(TORCH)
initializers.generate(TORCH)
metrics.generate(SKLEARN)
