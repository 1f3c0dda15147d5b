"""Boosts trees with LightGBM on one thread and prints processor seconds of ten fits, its bins included, and of a prediction, and the error."""

import json
import sys
import time

import lightgbm
import numpy

path, rows, columns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
numbers = numpy.fromfile(path).reshape(columns + 1, rows)
x, y = numpy.ascontiguousarray(numbers[:-1].T), numbers[-1]
fits = []
for _ in range(10):
    start = time.process_time()
    data = lightgbm.Dataset(x, y)
    model = lightgbm.train({"objective": "regression", "num_threads": 1, "verbose": -1}, data, 100)
    fits.append(time.process_time() - start)
for _ in range(5):
    start = time.process_time()
    values = model.predict(x, num_threads=1)
    predict = time.process_time() - start
rmse = float(numpy.sqrt(numpy.mean((values - y) ** 2)))
print(json.dumps({"fits": fits, "predict": predict, "rmse": rmse}))
