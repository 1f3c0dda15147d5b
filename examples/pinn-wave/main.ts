// Solves the wave equation with three seeds, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-wave/main.ts [--small]
import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { errorOf, full, small, solveWave } from "./wave.ts";

await threeSeeds({ settings: sizeOf({ full, small }), solve: solveWave, errors: errorOf });
