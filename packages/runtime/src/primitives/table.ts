// The rule table, for those who know a primitive by its name: total over the closed set, so a forgotten rule does not compile.
// Nothing that a page needs imports it: programs carry the rules of the operations that recorded them.
import type { HostArray } from "../array.ts";
import { evaluateNode } from "../interpret.ts";
import type { Aval } from "../program.ts";
import { emit } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { convolution } from "./convolution.ts";
import { creation } from "./creation.ts";
import { dot } from "./dot.ts";
import { elementwise } from "./elementwise.ts";
import { factorization } from "./factorization.ts";
import { indexing } from "./indexing.ts";
import { known } from "./known.ts";
import { packing } from "./packing.ts";
import type { PrimitiveName, PrimitiveParams } from "./params.ts";
import { pooling } from "./pooling.ts";
import { reduction } from "./reduction.ts";
import type { CommonRule, Rules } from "./rule.ts";
import { scan } from "./scan.ts";
import { sorting } from "./sorting.ts";
import { structure } from "./structure.ts";

let rules: Rules | undefined;

function table(): Rules {
  rules ??= {
    ...elementwise,
    ...known,
    ...creation,
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
  };
  return rules;
}

/** The rule of a primitive: shapes, derivative, transpose and a plain evaluation. */
export function ruleOf<K extends PrimitiveName>(primitive: K): CommonRule<K> {
  return table()[primitive] as unknown as CommonRule<K>;
}

/** Every primitive name, for suites that cover the closed set. */
export function primitiveNames(): readonly PrimitiveName[] {
  return Object.keys(table()) as PrimitiveName[];
}

/** Applies a primitive to tensors. The low-level entry: the operations wrap it. */
export function bind<K extends PrimitiveName>(
  primitive: K,
  inputs: readonly Tensor[],
  params: PrimitiveParams[K],
): Tensor[] {
  return emit(table(), primitive, inputs, params);
}

/** Shapes and dtypes of a primitive's outputs. @throws naming the primitive and what it received */
export function inferOutputs<K extends PrimitiveName>(
  primitive: K,
  inputs: readonly Aval[],
  params: PrimitiveParams[K],
): readonly Aval[] {
  return ruleOf(primitive).outputs(inputs, params);
}

/** Evaluates one primitive on host arrays. */
export function evaluate<K extends PrimitiveName>(
  primitive: K,
  inputs: readonly HostArray[],
  params: PrimitiveParams[K],
): readonly HostArray[] {
  return evaluateNode({ rule: ruleOf(primitive), params }, inputs);
}
