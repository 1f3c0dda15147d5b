// Every primitive as an ONNX file, run by onnxruntime: its numbers are those of the reference, or it is refused by name.
import { defineLayer } from "@hooke/core";
import { exportOnnx } from "@hooke/io/onnx";
import {
  bind,
  broadcastTo,
  evaluate,
  HookeError,
  type HostArray,
  interpret,
  isFloat,
  type PrimitiveName,
  type Program,
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
import { fuzzProgram } from "./programs/fuzz.ts";

const rows = 2;

/** A model that applies a function to extras that are the same in all rows. */
function modelOf(inputs: readonly HostArray[], fn: (operands: readonly Tensor[]) => Tensor) {
  const layer = defineLayer({
    type: "function",
    options: {},
    params: () => ({}),
    apply: ({ extras }, x) => {
      const first = (tensor: Tensor, shape: readonly number[]): Tensor =>
        reshape(slice(tensor, [0, ...shape.map(() => 0)], [1, ...shape]), shape);
      const result = fn(inputs.map(({ shape }, i) => first(extras[`x${i}`]!, shape)));
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

/** What the function computes where the file runs, for all rows; undefined where it is refused. */
async function found(
  inputs: readonly HostArray[],
  fn: (operands: readonly Tensor[]) => Tensor,
): Promise<HostArray | undefined> {
  let file: Uint8Array;
  try {
    file = exportOnnx(modelOf(inputs, fn));
  } catch (error) {
    if (error instanceof HookeError && error.code === "unsupported") return undefined;
    throw error;
  }
  const extras = Object.fromEntries(inputs.map((input, i) => [`x${i}`, repeated(input)]));
  return runOnnx(file, { inputs: zeros([rows, 1]), ...extras });
}

/** What is wrong with a case; `undefined` where it is refused. */
async function problemsOf({ primitive, inputs, params, note }: PrimitiveCase): Promise<string[] | undefined> {
  const problems: string[] = [];
  for (const [place, array] of evaluate(primitive as PrimitiveName, inputs, params as never).entries()) {
    const result = await found(inputs, (operands) => bind(primitive, operands, params as never)[place]!);
    if (result === undefined) return undefined;
    const relative = isFloat(array.dtype) ? { f32: 1e-5, f64: 1e-9 } : 0;
    const problem = difference(result, repeated(array), { relative, magnitude: "largest or 1" });
    if (problem !== undefined) problems.push(`${note}: ${problem}`);
  }
  return problems;
}

/** A program's first output, while recording. */
function applied({ inputs, nodes, outputs }: Program, operands: readonly Tensor[]): Tensor {
  const tensors = new Map(inputs.map((input, i) => [input, operands[i]!]));
  for (const { primitive, inputs: from, outputs: to, params } of nodes) {
    const results = bind(
      primitive,
      from.map((value) => tensors.get(value)!),
      params as never,
    );
    for (const [i, value] of to.entries()) tensors.set(value, results[i]!);
  }
  return tensors.get(outputs[0]!)!;
}

/** Refused in every case. */
const refused = new Set<PrimitiveName>([
  ...(["randomBits", "foldKey", "shiftLeft", "shiftRight", "cholesky", "triangularSolve", "sort", "argSort"] as const),
  ...([
    "pack",
    "unpack",
    "convKernelGradient",
    "maxPoolIndex",
    "poolGather",
    "poolScatter",
    "sumPoolTranspose",
  ] as const),
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
    const results = await Promise.all(cases.map(problemsOf));
    expect(results.flatMap((problems) => problems ?? [])).toEqual([]);
    const isRefused = results.every((problems) => problems === undefined);
    expect(isRefused, "refused in every case, or in the list of those that are").toBe(refused.has(primitive));
  });
});

it("random programs as ONNX files", async () => {
  let written = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { program, inputs } = fuzzProgram(seed, 8, "f32");
    const result = await found(inputs, (operands) => applied(program, operands));
    if (result === undefined) continue;
    written++;
    const expected = repeated(interpret(program, inputs)[0]!);
    expect(difference(result, expected, { relative: 2e-5, magnitude: "largest or 1" }), `seed ${seed}`).toBeUndefined();
  }
  // The others sort, shift, or scatter.
  expect(written).toBeGreaterThan(30);
});
