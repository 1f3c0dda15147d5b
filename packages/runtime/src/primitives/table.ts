// The rule table: total over the closed set, so a forgotten rule does not compile.
//
// Here a circle of imports closes, the only one: a family holds the shape rule and the derivative of its primitives side by side;
// derivatives are written in the public operations (`ops`); an operation calls `bind` (`record.ts`), and a program is verified
// (`program.ts`), by the shape rules of this table. Two tables would cut it, and would put what one reads together apart. It
// is harmless as long as nothing asks for a rule while modules load: the table is built at the first question.
import type { Aval } from "../program.ts";
import { convolution } from "./convolution.ts";
import { creation } from "./creation.ts";
import { dot } from "./dot.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { known } from "./known.ts";
import type { PrimitiveName, PrimitiveParams } from "./params.ts";
import { pooling } from "./pooling.ts";
import { reduction } from "./reduction.ts";
import type { CommonRule, Rules } from "./rule.ts";
import { scan } from "./scan.ts";
import { sorting } from "./sorting.ts";
import { structure } from "./structure.ts";

function table(): Rules {
  return {
    ...elementwise,
    ...known,
    ...creation,
    ...structure,
    ...reduction,
    ...dot,
    ...convolution,
    ...pooling,
    ...indexing,
    ...sorting,
    ...scan,
  };
}

let rules: Rules | undefined;

/** The rules of a primitive. */
export function ruleOf<K extends PrimitiveName>(primitive: K): CommonRule<K> {
  rules ??= table();
  return rules[primitive] as unknown as CommonRule<K>;
}

/** Every primitive name, for suites that cover the closed set. */
export function primitiveNames(): readonly PrimitiveName[] {
  return Object.keys(table()) as PrimitiveName[];
}

/** Shapes and dtypes of a primitive's outputs. @throws naming the primitive and what it received */
export function inferOutputs<K extends PrimitiveName>(
  primitive: K,
  inputs: readonly Aval[],
  params: PrimitiveParams[K],
): readonly Aval[] {
  return ruleOf(primitive).outputs(inputs, params);
}
