// The conformance suite's cases catch each kernel of tfjs 4.22 that is wrong: with the kernel as the lowering, cases fail
// that pass with the common lowering.
//
// One is not among them: MaxPoolGrad, and MaxPool3DGrad, on wasm. They look for the maximum in the windows' inputs, which the
// primitive poolScatter does not have, so they cannot be its lowering; kernels.test.ts shows them wrong. AvgPoolGrad with padding
// is right as a lowering of sumPoolTranspose, times the size of the window; what is wrong is to call it the gradient of AvgPool.
import { sizeOf } from "@hooke/runtime";
import { failures, type PrimitiveCase, primitiveCases } from "@hooke/testkit";
import { expect, it } from "vitest";
import { crowd, type Engine, engineBackend } from "./engine.fixture.ts";
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

const onPlane = ({ inputs }: PrimitiveCase): boolean => inputs[0]!.shape.length === 4;
const isDilated = (entry: PrimitiveCase): boolean => {
  const { params } = entry;
  return onPlane(entry) && "dilation" in params && params.groups === 1 && params.dilation.some((step) => step > 1);
};
const around = (padding: readonly (readonly [number, number])[]): number[][] => [
  [0, 0],
  ...padding.map((sides) => [...sides]),
  [0, 0],
];

/** With the dilation that tfjs's gradient of a convolution refuses, and its kernels overlook. */
const dilatedInputGradient: Lowering<"convInputGradient"> = (k, [dy, filter], params, { output }) => {
  const { stride, padding, dilation } = params;
  const attrs = { strides: [...stride], dilations: [...dilation], pad: around(padding), inputShape: [...output.shape] };
  return k.call("Conv2DBackpropInput", { dy: dy!, filter: filter! }, attrs, output.shape, "float32");
};

const dilatedKernelGradient: Lowering<"convKernelGradient"> = (k, [x, dy], params, { output }) => {
  const { stride, padding, dilation } = params;
  const attrs = {
    strides: [...stride],
    dilations: [...dilation],
    pad: around(padding),
    filterShape: [...output.shape],
  };
  return k.call("Conv2DBackpropFilter", { x: x!, dy: dy! }, attrs, output.shape, "float32");
};

/** AvgPool divides by what a window has of the array, not by the window's size. */
const average: Lowering<"sumPool"> = (k, [x], { window, stride, padding }, { output }) => {
  const attrs = { filterSize: [...window], strides: [...stride], pad: around(padding) };
  const mean = k.call("AvgPool", { x: x! }, attrs, output.shape, "float32");
  return k.binary("Multiply", mean, k.scalar(sizeOf(window)));
};

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
  naive("cpu", "convInputGradient", dilatedInputGradient, isDilated),
  naive("wasm", "convInputGradient", dilatedInputGradient, isDilated),
  naive("cpu", "convKernelGradient", dilatedKernelGradient, isDilated),
  naive("cpu", "sumPool", average, onPlane),
  naive("wasm", "sumPool", average, onPlane),
];

it.each(table)("$engine: $primitive", async ({ engine, primitive, lowerings, fits }) => {
  const own = primitiveCases()
    .get(primitive)!
    .filter(
      (entry) =>
        fits(entry) &&
        ![...entry.inputs, entry.params].some((x) => "dtype" in x && (x.dtype === "f64" || x.dtype === "u32")),
    );
  expect(await failures(await engineBackend(engine), own)).toEqual([]);
  // What lies beside arrays decides whether it shows that a kernel reads past their ends.
  const release = crowd(engine, [...new Set(own.flatMap(({ inputs }) => inputs.map(({ shape }) => sizeOf(shape))))]);
  expect(await failures(await engineBackend(engine, { lowerings }), own)).not.toEqual([]);
  release();
});
