// The conformance suite catches what is wrong in tfjs 4.22's WebGPU kernels: with the kernel as the lowering, checks fail on
// tfjs's own engine that pass there with the common lowering.
import type { Kernels, Lowering, Lowerings, Ref } from "@hooke/backend-tfjs";
import { sizeOf } from "@hooke/runtime";
import { failures, type PrimitiveCase, primitiveCases } from "@hooke/testkit";
import { conformanceChecks } from "@hooke/testkit/suite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type WebgpuBackend, webgpuBackend } from "./backend.ts";
import { skipped, status } from "./gpu.fixture.ts";
import { type RawEngine, rawEngine } from "./raw.fixture.ts";

interface Naive {
  readonly primitive: keyof Lowerings;
  readonly what: string;
  readonly lowerings: Partial<Lowerings>;
  readonly fits: (entry: PrimitiveCase) => boolean;
}

const naive = <K extends keyof Lowerings>(
  primitive: K,
  what: string,
  lowering: Lowerings[K],
  fits: Naive["fits"] = () => true,
): Naive => ({ primitive, what, lowerings: { [primitive]: lowering }, fits });

/** Cases of floats (and conditions) in five and six dimensions. */
const ofHighRank = ({ inputs }: PrimitiveCase): boolean => inputs[0]!.shape.length >= 5;

const onPlane = ({ inputs }: PrimitiveCase): boolean => inputs[0]!.shape.length === 4;
const isDilated = ({ params }: PrimitiveCase): boolean =>
  "dilation" in params && params.groups === 1 && params.dilation.some((step) => step > 1);
const around = (padding: readonly (readonly [number, number])[]): number[][] => [
  [0, 0],
  ...padding.map((s) => [...s]),
  [0, 0],
];

const table: readonly Naive[] = [
  naive(
    "pad",
    "in five and six dimensions",
    (k, [x], { low, high, value }, { output }) => {
      const attrs = { paddings: low.map((before, axis) => [before, high[axis]!]), constantValue: value };
      return k.call("PadV2", { x: x! }, attrs, output.shape, x!.dtype);
    },
    (entry) => ofHighRank(entry) && "interior" in entry.params && entry.params.interior.every((n) => n === 0),
  ),
  naive(
    "select",
    "in five and six dimensions",
    (k, [condition, t, e], _, { output }) =>
      k.call("Select", { condition: condition!, t: t!, e: e! }, {}, output.shape, t!.dtype),
    ofHighRank,
  ),
  naive(
    "reverse",
    "in five and six dimensions",
    (k, [x], { axes }, { output }) => k.call("Reverse", { x: x! }, { dims: [...axes] }, output.shape, x!.dtype),
    ofHighRank,
  ),
  naive(
    "cumsum",
    "in reverse, after another length",
    (k, [x], { axis, reverse }, { output }) =>
      k.call("Cumsum", { x: x! }, { axis, exclusive: false, reverse }, output.shape, x!.dtype),
    ({ inputs, params }) => inputs[0]!.shape.length <= 2 && "reverse" in params && params.reverse,
  ),
  naive(
    "sumPool",
    "with padding, which AvgPool does not count",
    (k, [x], { window, stride, padding }, { output }) => {
      const attrs = { filterSize: [...window], strides: [...stride], pad: around(padding) };
      const mean = k.call("AvgPool", { x: x! }, attrs, output.shape, "float32");
      return k.binary("Multiply", mean, k.scalar(sizeOf(window)));
    },
    onPlane,
  ),
  naive(
    "convInputGradient",
    "dilated",
    (k, [dy, filter], { stride, padding, dilation }, { output }) => {
      const attrs = {
        inputShape: [...output.shape],
        strides: [...stride],
        dilations: [...dilation],
        pad: around(padding),
        dataFormat: "NHWC",
      };
      return k.call("Conv2DBackpropInput", { dy: dy!, filter: filter! }, attrs, output.shape, "float32");
    },
    (entry) => onPlane(entry) && isDilated(entry),
  ),
  naive(
    "convKernelGradient",
    "dilated",
    (k, [x, dy], { stride, padding, dilation }, { output }) => {
      const attrs = {
        filterShape: [...output.shape],
        strides: [...stride],
        dilations: [...dilation],
        pad: around(padding),
        dataFormat: "NHWC",
      };
      return k.call("Conv2DBackpropFilter", { x: x!, dy: dy! }, attrs, output.shape, "float32");
    },
    (entry) => onPlane(entry) && isDilated(entry),
  ),
];

describe.skipIf(!status.available)(`tfjs's WebGPU kernels${skipped}`, () => {
  let raw: RawEngine;
  let own: WebgpuBackend;
  beforeAll(async () => {
    raw = await rawEngine();
    own = await webgpuBackend();
  });
  afterAll(async () => {
    await raw.close();
    await own.close();
  });

  it.each(table)("$primitive $what", async ({ primitive, lowerings, fits }) => {
    const isPlain = ({ inputs, params }: PrimitiveCase): boolean =>
      [...inputs, params].every((x) => !("dtype" in x) || x.dtype === "f32" || x.dtype === "bool");
    const cases = primitiveCases()
      .get(primitive)!
      .filter((entry) => isPlain(entry) && fits(entry));
    expect(await failures(raw.backend(), cases)).toEqual([]);
    expect(await failures(raw.backend({ lowerings }), cases)).not.toEqual([]);
  });

  it("one dimension repeated in five and six", async () => {
    const check = conformanceChecks().find(({ name }) => name.startsWith("rows and columns repeated in five"))!;
    const short = (k: Kernels, x: Ref): Ref => {
      const first = x.shape.findIndex((dimension) => dimension > 1);
      return k.reshape(x, x.shape.slice(first));
    };
    const add: Lowering<"add"> = (k, [a, b], _, { output }) =>
      k.call("Add", { a: a!, b: short(k, b!) }, {}, output.shape, "float32");
    expect((await check.run(raw.backend())).problems).toEqual([]);
    expect((await check.run(raw.backend({ lowerings: { add } }))).problems).not.toEqual([]);
    // Nothing was thrown: the shader's error reaches only those who listen to the device.
    expect(raw.reported.join()).toContain("cannot index type 'vec5'");
  });

  it("tanh, which is the common lowering's too, and has a kernel of its own here", async () => {
    const cases = primitiveCases()
      .get("tanh")!
      .filter(({ inputs }) => inputs[0]!.dtype === "f32");
    expect(await failures(raw.backend(), cases)).not.toEqual([]);
    expect(await failures(own, cases)).toEqual([]);
  });
});
