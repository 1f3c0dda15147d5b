// Solves Allen-Cahn's equation with three seeds, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-allen-cahn/main.ts [--small]
import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { errorOf, full, small, solveAllenCahn } from "./allen-cahn.ts";

await threeSeeds({ settings: sizeOf({ full, small }), solve: solveAllenCahn, errors: errorOf });
