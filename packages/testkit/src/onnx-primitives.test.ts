// Every primitive as an ONNX file, run by onnxruntime: its numbers are those of the reference, or it is refused by name.
import { defineLayer } from "@hooke/core";
import { exportOnnx } from "@hooke/io/onnx";
import {
  bind,
  broadcastTo,
  evaluate,
  HookeError,
  type HostArray,
  isFloat,
  type PrimitiveName,
  reshape,
  slice,
  type Tensor,
  zeros,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import type { PrimitiveCase } from "./cases/case.ts";
import { primitiveCases } from "./cases/index.ts";
import { difference } from "./compare.ts";
import { runOnnx } from "./onnx.fixture.ts";

const rows = 2;

/** A model that applies the primitive to extras that are the same in all rows. */
function modelOf({ primitive, params, inputs }: PrimitiveCase, place: number) {
  const layer = defineLayer({
    type: "primitive",
    options: {},
    params: () => ({}),
    apply: ({ extras }, x) => {
      const first = (tensor: Tensor, shape: readonly number[]): Tensor =>
        reshape(slice(tensor, [0, ...shape.map(() => 0)], [1, ...shape]), shape);
      const operands = inputs.map(({ shape }, i) => first(extras[`x${i}`]!, shape));
      const result = bind(primitive, operands, params as never)[place]!;
      return broadcastTo(reshape(result, [1, ...result.shape]), [x.shape[0]!, ...result.shape]);
    },
  })({});
  const extras = Object.fromEntries(inputs.map(({ shape, dtype }, i) => [`x${i}`, { shape, dtype }]));
  return { layer, inputShape: { shape: [1], extras }, variables: { params: {}, state: {} } };
}

const repeated = ({ shape, dtype, data }: HostArray): HostArray => {
  const all = zeros([rows, ...shape], dtype);
  for (let row = 0; row < rows; row++) all.data.set(data, row * data.length);
  return all;
};

/** What is wrong with a case; `undefined` where it is refused. */
async function problemsOf(entry: PrimitiveCase): Promise<string[] | undefined> {
  const expected = evaluate(entry.primitive as PrimitiveName, entry.inputs, entry.params as never);
  const problems: string[] = [];
  for (const [place, array] of expected.entries()) {
    let file: Uint8Array;
    try {
      file = exportOnnx(modelOf(entry, place));
    } catch (error) {
      if (error instanceof HookeError && error.code === "unsupported") return undefined;
      throw error;
    }
    const extras = Object.fromEntries(entry.inputs.map((input, i) => [`x${i}`, repeated(input)]));
    const found = await runOnnx(file, { inputs: zeros([rows, 1]), ...extras });
    const relative = isFloat(array.dtype) ? { f32: 1e-5, f64: 1e-9 } : 0;
    const problem = difference(found, repeated(array), { relative, magnitude: "largest or 1" });
    if (problem !== undefined) problems.push(`${entry.note}: ${problem}`);
  }
  return problems;
}

/** Refused in every case. */
const refused = new Set<PrimitiveName>([
  ...(["randomBits", "foldKey", "shiftLeft", "shiftRight", "cholesky", "triangularSolve", "sort", "argSort"] as const),
  ...(["scatterAdd", "convKernelGradient", "maxPoolIndex", "poolGather", "poolScatter", "sumPoolTranspose"] as const),
]);

/** onnxruntime passes over NaN there. */
const passesOverNaN = new Set<PrimitiveName>(["max", "min", "argMax", "maxPool"]);

/** Of many cases every third, and those of special numbers. */
const some = (cases: readonly PrimitiveCase[]): readonly PrimitiveCase[] =>
  process.env.HOOKE_TESTS === "full" || cases.length < 20
    ? cases
    : cases.filter(({ note }, i) => i % 3 === 1 || /special|large|NaN/.test(note));

describe("primitives as ONNX files", () => {
  it.each([...primitiveCases()])("%s", async (primitive, all) => {
    const cases = some(all).filter(({ note }) => !(passesOverNaN.has(primitive) && /special|NaN/.test(note)));
    const found = await Promise.all(cases.map(problemsOf));
    expect(found.flatMap((problems) => problems ?? [])).toEqual([]);
    expect(found.every((problems) => problems === undefined)).toBe(refused.has(primitive));
  });
});
