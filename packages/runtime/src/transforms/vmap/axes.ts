// Mapping primitives whose parameters name axes: with the rows in front, every axis is one further.

import type { PrimitiveName, PrimitiveParams } from "../../primitives/params.ts";
import type { reduction as reductionRules } from "../../primitives/reduction.ts";
import type { sorting as sortingRules } from "../../primitives/sorting.ts";
import type { structure as structureRules } from "../../primitives/structure.ts";
import { apply, type BatchRule, type BatchRules, mapped, spread } from "./rule.ts";

const further = (axes: readonly number[]): number[] => axes.map((axis) => axis + 1);

/** Like the primitive on one row, with other parameters. */
function shifted<K extends PrimitiveName>(
  paramsOf: (params: PrimitiveParams[K], rows: number) => PrimitiveParams[K],
): BatchRule<K> {
  return (inputs, node, rows) =>
    apply(
      node,
      inputs.map((input) => spread(input, rows)),
      paramsOf(node.params, rows),
    ).map(mapped);
}

const alongAxis = /* @__PURE__ */ shifted<"concat" | "argMax" | "sort" | "argSort">(({ axis }) => ({ axis: axis + 1 }));
const overAxes = /* @__PURE__ */ shifted<"sum" | "max" | "min" | "reverse">(({ axes }) => ({ axes: further(axes) }));

export const structure: BatchRules<keyof typeof structureRules> = /* @__PURE__ */ (() => ({
  reshape: shifted(({ shape }, rows) => ({ shape: [rows, ...shape] })),
  transpose: shifted(({ permutation }) => ({ permutation: [0, ...further(permutation)] })),
  broadcast: shifted(({ shape, axes }, rows) => ({ shape: [rows, ...shape], axes: [0, ...further(axes)] })),
  slice: shifted(({ start, limit, strides }, rows) => ({
    start: [0, ...start],
    limit: [rows, ...limit],
    strides: [1, ...strides],
  })),
  pad: shifted(({ low, high, interior, value }) => ({
    low: [0, ...low],
    high: [0, ...high],
    interior: [0, ...interior],
    value,
  })),
  concat: alongAxis,
  reverse: overAxes,
}))();

export const reduction: BatchRules<keyof typeof reductionRules> = {
  sum: overAxes,
  max: overAxes,
  min: overAxes,
  argMax: alongAxis,
};

export const sorting: BatchRules<keyof typeof sortingRules> = { sort: alongAxis, argSort: alongAxis };
