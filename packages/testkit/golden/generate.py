"""Writes golden files: all of them, or those that are named, `python generate.py functions losses`. See README.md."""

import sys

import numpy
import sklearn
import torch

sys.dont_write_bytecode = True
torch.manual_seed(0)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)

import attention  # noqa: E402
import conv  # noqa: E402
import elementwise  # noqa: E402
import graphs  # noqa: E402
import initializers  # noqa: E402
import layers  # noqa: E402
import losses  # noqa: E402
import metrics  # noqa: E402
import operators  # noqa: E402
import optimizers  # noqa: E402
import regularization  # noqa: E402
import schedules  # noqa: E402
import sequences  # noqa: E402
import trajectories  # noqa: E402
from schema import write  # noqa: E402

TORCH = f"torch {torch.__version__}, numpy {numpy.__version__}"
SKLEARN = f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}"

# Each script has a table FILES: what it writes, and the cases of each.
SCRIPTS = [attention, elementwise, conv, layers, losses, optimizers, trajectories, regularization, schedules, sequences, graphs, initializers, operators]
FILES = {name: (TORCH, cases) for script in SCRIPTS for name, cases in script.FILES.items()}
FILES |= {name: (SKLEARN, cases) for name, cases in metrics.FILES.items()}

wanted = [name.removesuffix(".json") for name in sys.argv[1:]] or list(FILES)
unknown = [name for name in wanted if name not in FILES]
if unknown:
    sys.exit(f"generate.py does not write {', '.join(unknown)}; it writes {', '.join(FILES)}. README.md names the scripts of the others.")
for name in wanted:
    source, cases = FILES[name]
    write(name, source, list(cases()))
