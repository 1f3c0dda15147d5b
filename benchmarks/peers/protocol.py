# The Python side of protocol.ts: one line of JSON on standard input asks for a measurement, one line answers.
import json
import sys
import time


def _time(run, count):
    start = time.perf_counter()
    run(count)
    return (time.perf_counter() - start) * 1000


def _measure(run, request):
    count, spent, samples = 1, 0.0, []
    while spent < request["warmUp"]:
        elapsed = _time(run, count)
        spent += elapsed
        count = max(1, min(2 * count, round(count * request["duration"] / elapsed)))
    while len(samples) < request["samples"]:
        samples.append(_time(run, count) / count)
    return samples


def _print(line):
    print(json.dumps(line), flush=True)


def absent(reason):
    """Says why this peer cannot take part, and ends."""
    _print({"missing": reason})
    sys.exit()


def missing(package):
    """Says that a package is not installed, and ends."""
    absent(f"it has no package {package}")


def serve(name, version, tasks):
    """`tasks`: name to a function that sets up and returns `(run, check)`; `run(count)` makes `count` calls."""
    ready = {}
    _print({"name": name, "version": version, "tasks": list(tasks)})
    for line in sys.stdin:
        request = json.loads(line)
        task = request["task"]
        if task not in ready:
            ready[task] = tasks[task]()
        run, check = ready[task]
        samples = _measure(run, request)
        _print({"name": name, "version": version, "samples": samples, "check": [float(value) for value in check]})
