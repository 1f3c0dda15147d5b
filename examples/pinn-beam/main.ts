// Solves a cantilever with three seeds, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-beam/main.ts [--small]
import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { errorOf, full, small, solveCantilever } from "./cantilever.ts";

await threeSeeds({ settings: sizeOf({ full, small }), solve: solveCantilever, errors: errorOf });
