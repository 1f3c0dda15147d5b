// The conformance suite's cases catch each kernel of tfjs 4.22 that is wrong: with the kernel as the lowering, cases fail
// that pass with the common lowering.
import { type HostArray, inferOutputs, interpret, type Node, Program } from "@hooke/runtime";
import { difference, type PrimitiveCase, primitiveCases, type Tolerance } from "@hooke/testkit";
import { expect, it } from "vitest";
import type { TfjsBackend } from "./backend.ts";
import { type Engine, engineBackend } from "./engine.fixture.ts";
import type { Lowering, Lowerings } from "./lower/table.ts";
import { kindOf } from "./plan/step.ts";

interface Naive {
  readonly engine: Engine;
  readonly primitive: keyof Lowerings;
  readonly lowerings: Partial<Lowerings>;
  readonly fits: (entry: PrimitiveCase) => boolean;
}

const naive = <K extends keyof Lowerings>(
  engine: Engine,
  primitive: K,
  lowering: Lowerings[K],
  fits: Naive["fits"] = () => true,
): Naive => ({ engine, primitive, lowerings: { [primitive]: lowering }, fits });

const unary =
  (kernel: string): Lowering =>
  (k, [x]) =>
    k.unary(kernel, x!);

const binary =
  (kernel: string): Lowering =>
  (k, [a, b]) =>
    k.binary(kernel, a!, b!);

const rank =
  (count: number) =>
  ({ inputs, params }: PrimitiveCase): boolean =>
    inputs[0]!.shape.length === count && !("padding" in params && params.padding.flat().some((side) => side > 0));

const table: readonly Naive[] = [
  naive("cpu", "erf", unary("Erf")),
  naive("cpu", "sign", unary("Sign")),
  naive("cpu", "pow", binary("Pow")),
  naive("cpu", "rem", binary("Mod")),
  naive("cpu", "mul", binary("Multiply")),
  naive("cpu", "convert", (k, [x], { dtype }) => k.cast(x!, kindOf(dtype))),
  naive("cpu", "argMax", (k, [x], { axis }, { output }) =>
    k.call("ArgMax", { x: x! }, { axis }, output.shape, "int32"),
  ),
  naive(
    "cpu",
    "maxPool",
    (k, [x], { window, stride }, { output }) => {
      const attrs = { filterSize: [...window], strides: [...stride], pad: "valid" };
      return k.call("MaxPool", { x: x! }, attrs, output.shape, "float32");
    },
    rank(4),
  ),
  naive(
    "wasm",
    "maxPool",
    (k, [x], { window, stride }, { output }) => {
      const attrs = { filterSize: [...window], strides: [...stride], pad: "valid", dataFormat: "NDHWC" };
      const shape = (s: readonly number[]): number[] => s.toSpliced(1, 0, 1);
      attrs.filterSize.unshift(1);
      attrs.strides.unshift(1);
      const whole = k.call("MaxPool3D", { x: k.reshape(x!, shape(x!.shape)) }, attrs, shape(output.shape), "float32");
      return k.reshape(whole, output.shape);
    },
    rank(4),
  ),
  naive("wasm", "neg", unary("Neg")),
  naive("wasm", "sign", unary("Sign")),
  naive("wasm", "log1p", unary("Log1p")),
  naive(
    "wasm",
    "pad",
    (k, [x], { low, high, value }, { output }) => {
      const attrs = { paddings: low.map((before, axis) => [before, high[axis]!]), constantValue: value };
      return k.call("PadV2", { x: x! }, attrs, output.shape, x!.dtype);
    },
    ({ inputs, params }) => inputs[0]!.dtype === "f32" && "interior" in params && params.interior.every((n) => n === 0),
  ),
  naive(
    "wasm",
    "convInputGradient",
    (k, [dy, filter], { stride, spatial, padding }, { output }) => {
      const wide = spatial.map((dimension, i) => dimension + padding[i]![0] + padding[i]![1]);
      const shape = [output.shape[0]!, ...wide, output.shape.at(-1)!];
      const attrs = { inputShape: shape, strides: [...stride], pad: "valid" };
      const whole = k.call("Conv3DBackpropInputV2", { dy: dy!, filter: filter! }, attrs, shape, "float32");
      return spatial.reduce((part, d, i) => k.slice(part, i + 1, padding[i]![0], padding[i]![0] + d), whole);
    },
    ({ note }) => note === "f32 3-D",
  ),
];

/** Notes of the cases in which a backend differs from the reference. */
async function problems(backend: TfjsBackend, cases: readonly PrimitiveCase[]): Promise<string[]> {
  const wrong: string[] = [];
  // Sums cancel; functions of one number must be right to the last digits everywhere.
  const isSum = cases[0]!.primitive === "convInputGradient";
  const tolerance: Tolerance = { relative: 1e-5, ...(isSum ? { magnitude: "largest" } : {}) };
  for (const { primitive, params, inputs: arrays, note } of cases) {
    const inputs = arrays.map(({ shape, dtype }) => ({ shape, dtype }));
    const outputs = inferOutputs(primitive, inputs, params).map(({ shape, dtype }) => ({ shape, dtype }));
    const node = { primitive, params, inputs, outputs, scope: "" } as unknown as Node;
    const program = new Program(inputs, [node], outputs);
    const [truth] = interpret(program, arrays) as [HostArray];
    const executable = await backend.prepare(program);
    const [result] = executable.run(arrays.map((x) => backend.upload(x)));
    if (difference(await backend.read(result!), truth, tolerance)) wrong.push(note);
  }
  return wrong;
}

it.each(table)("$engine: $primitive", async ({ engine, primitive, lowerings, fits }) => {
  const cases = [...primitiveCases()].find(([name]) => name === primitive)![1] as readonly PrimitiveCase[];
  const own = cases.filter(
    (entry) =>
      fits(entry) &&
      ![...entry.inputs, entry.params].some((x) => "dtype" in x && (x.dtype === "f64" || x.dtype === "u32")),
  );
  expect(await problems(await engineBackend(engine), own)).toEqual([]);
  expect(await problems(await engineBackend(engine, { lowerings }), own)).not.toEqual([]);
});
