// Solves four classics with three seeds each, and prints reports, errors, their medians and the worst.
//
//   node examples/pinn-classics/main.ts [--small]

import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { errorOf, solveClassic } from "./classic.ts";
import { laplace } from "./disk.ts";
import { heat } from "./heat.ts";
import { hole } from "./hole.ts";
import { reaction } from "./reaction.ts";

await runInterruptible(async (signal) => {
  for (const [label, classic] of Object.entries({ heat, laplace, reaction, hole }))
    await threeSeeds({
      signal,
      label,
      settings: sizeOf(classic),
      solve: solveClassic(classic),
      errors: errorOf(classic),
    });
});
