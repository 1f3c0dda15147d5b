// How every primitive that has operands is mapped: total over the closed set, so a forgotten rule does not compile.
import type { PrimitiveName } from "../../primitives/params.ts";
import { elementwise, pooling } from "./alike.ts";
import { reduction, sorting, structure } from "./axes.ts";
import { convolution } from "./convolution.ts";
import { dot } from "./dot.ts";
import { factorization } from "./factorization.ts";
import { indexing } from "./indexing.ts";
import { keys } from "./keys.ts";
import { known } from "./known.ts";
import { packing } from "./packing.ts";
import type { BatchRules } from "./rule.ts";
import { scan } from "./scan.ts";

/** Primitives without operands: the same in every row. */
type Constant = "full" | "constant" | "iota";

export const rules: BatchRules<Exclude<PrimitiveName, Constant>> = /* @__PURE__ */ (() => ({
  ...elementwise,
  ...known,
  ...keys,
  ...structure,
  ...reduction,
  ...dot,
  ...factorization,
  ...convolution,
  ...pooling,
  ...indexing,
  ...sorting,
  ...packing,
  ...scan,
}))();
