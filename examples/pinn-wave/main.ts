// Solves the wave equation with three seeds, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-wave/main.ts [--small]

import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { errorOf, full, small, solveWave } from "./wave.ts";

await runInterruptible((signal) =>
  threeSeeds({ signal, settings: sizeOf({ full, small }), solve: solveWave, errors: errorOf }),
);
