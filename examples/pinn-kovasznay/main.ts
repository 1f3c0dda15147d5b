// Solves Kovasznay's flow with three seeds, and prints reports, errors, their medians and the worst.
//
//   node examples/pinn-kovasznay/main.ts [--small]

import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { errorsOf, full, small, solveKovasznay } from "./kovasznay.ts";

await runInterruptible((signal) =>
  threeSeeds({ signal, settings: sizeOf({ full, small }), solve: solveKovasznay, errors: errorsOf }),
);
