# scikit-learn's Gaussian process and LightGBM's trees, with the settings of Hooke's.
import warnings

import protocol

try:
    import lightgbm
    import numpy as np
    import problem
    import sklearn
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
except ModuleNotFoundError as error:
    protocol.missing(error.name)

# Length scales at their bounds, of inputs that do not matter.
warnings.simplefilter("ignore", ConvergenceWarning)


def repeat(call):
    def run(count):
        for _ in range(count):
            call()

    return run, []


def gaussian_process():
    x, y = problem.noisy_rows(problem.PROCESS_ROWS)
    x = (x - x.mean(0)) / x.std(0)
    kernel = ConstantKernel(1.0) * Matern(np.full(10, np.sqrt(10)), nu=2.5) + WhiteKernel(0.09)
    # Three starts, as Hooke's.
    process = GaussianProcessRegressor(kernel, n_restarts_optimizer=2, normalize_y=True, random_state=0)
    return repeat(lambda: process.fit(x, y))


def boosting():
    x, y = problem.noisy_rows(problem.BOOSTING_ROWS)
    options = {"objective": "regression", "verbose": -1}
    return repeat(lambda: lightgbm.train(options, lightgbm.Dataset(x, y), 100))


protocol.serve(
    "scikit-learn, LightGBM",
    f"{sklearn.__version__}, {lightgbm.__version__}",
    {"gaussianProcess": gaussian_process, "boosting": boosting},
)
