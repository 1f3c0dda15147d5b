// What the cases cover: every dtype a primitive takes, empty and odd sizes, ranks 0 to 6 wherever a primitive takes any rank.
import { type Aval, type DType, inferOutputs, type PrimitiveName, sizeOf } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import type { PrimitiveCase } from "./case.ts";
import { primitiveCases } from "./index.ts";

const dtypes: readonly DType[] = ["f32", "f64", "i32", "u32", "bool"];

/** Whether the primitive's rule accepts these operands. */
function accepts({ primitive, params }: PrimitiveCase, inputs: readonly Aval[]): boolean {
  try {
    inferOutputs(primitive, inputs, params as never);
    return true;
  } catch {
    return false;
  }
}

/** What a case runs on: the dtype of each operand and the one among the parameters, `"f32 i32"` or `"f32 to i32"`. */
const signature = (inputs: readonly Aval[], params: object): string =>
  inputs.map(({ dtype }) => dtype).join(" ") + ("dtype" in params ? ` to ${params.dtype}` : "");

/**
 * The signatures that the rule accepts: in each case, operands of one dtype are given another one, and so is the dtype among the
 * parameters.
 */
function acceptedSignatures(cases: readonly PrimitiveCase[]): Set<string> {
  const accepted = new Set<string>();
  for (const entry of cases) {
    for (const own of new Set(entry.inputs.map(({ dtype }) => dtype))) {
      for (const dtype of dtypes) {
        const inputs = entry.inputs.map((input) => (input.dtype === own ? { ...input, dtype } : input));
        if (accepts(entry, inputs)) accepted.add(signature(inputs, entry.params));
      }
    }
    for (const dtype of "dtype" in entry.params ? dtypes : []) {
      const changed = { ...entry, params: { ...entry.params, dtype } } as PrimitiveCase;
      if (accepts(changed, entry.inputs)) accepted.add(signature(entry.inputs, changed.params));
    }
  }
  return accepted;
}

const shapesOf = (cases: readonly PrimitiveCase[]) =>
  cases.flatMap((entry) => [
    ...entry.inputs.map(({ shape }) => shape),
    ...inferOutputs(entry.primitive, entry.inputs, entry.params as never).map(({ shape }) => shape),
  ]);

/** Primitives whose rank their meaning fixes. */
const fixedRank: ReadonlySet<PrimitiveName> = new Set([
  ...(["conv", "convInputGradient", "convKernelGradient", "randomBits", "foldKey", "scan"] as const),
  ...(["maxPool", "maxPoolIndex", "poolGather", "poolScatter", "sumPool", "sumPoolTranspose"] as const),
]);
/** These need rows and columns. */
const ofMatrices: ReadonlySet<PrimitiveName> = new Set(["dot", "cholesky", "triangularSolve"]);
/** These need an axis. */
const fromRankOne: ReadonlySet<PrimitiveName> = new Set([
  ...(["concat", "argMax", "cumsum", "sort", "argSort", "gather", "scatterAdd", "iota", "reverse"] as const),
]);

describe.each([...primitiveCases()])("%s", (primitive, cases) => {
  it("every dtype it takes", () => {
    const covered = new Set(cases.map(({ inputs, params }) => signature(inputs, params)));
    // A loop takes the dtypes of its body, a constant those of its value.
    const expected = primitive === "scan" ? [] : [...acceptedSignatures(cases)];
    expect(expected.filter((dtypesOfOne) => !covered.has(dtypesOfOne))).toEqual([]);
  });

  const anyRank = !fixedRank.has(primitive);
  it(anyRank ? "every rank from 0 to 6" : "a rank of its own", () => {
    const ranks = new Set(shapesOf(cases).map(({ length }) => length));
    if (!anyRank) return expect(ranks.size).toBeGreaterThan(0);
    const least = ofMatrices.has(primitive) ? 2 : fromRankOne.has(primitive) ? 1 : 0;
    const missing = [0, 1, 2, 3, 4, 5, 6].filter((rank) => rank >= least && !ranks.has(rank));
    expect(missing, "ranks without a case; where its meaning rules them out, enter it in a list above").toEqual([]);
  });

  // Folding a key has nothing that could be empty, and a loop's sizes are those of its body.
  if (primitive === "foldKey" || primitive === "scan") return;
  it("empty and odd sizes", () => {
    const sizes = shapesOf(cases).map(sizeOf);
    expect(sizes.some((size) => size === 0)).toBe(true);
    expect(sizes.some((size) => size > 1 && size % 2 === 1)).toBe(true);
  });
});
