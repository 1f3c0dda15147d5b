// Solves a neo-Hookean block, from its stress and from its energy, with three seeds, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-neo-hookean/main.ts [--small]

import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { errorOf, full, small, solveBlock } from "./block.ts";

const settings = sizeOf({ full, small });
await runInterruptible(async (signal) => {
  for (const form of ["stress", "energy"] as const)
    await threeSeeds({ signal, label: form, settings, solve: solveBlock(form), errors: errorOf });
});
