// The wrong kernels of tfjs 4.22, each shown wrong, and what stands in for it shown right.
import {
  argMax,
  array,
  conv,
  convert,
  div,
  erf,
  grad,
  type HostArray,
  interpret,
  log1p,
  matmul,
  maxPool,
  mul,
  neg,
  pad,
  pow,
  record,
  reshape,
  run,
  sign,
  sizeOf,
  sum,
  sumPool,
  type Tensor,
} from "@hooke/runtime";
import { difference, sample } from "@hooke/testkit";
import { expect, it } from "vitest";
import { callKernel as call, crowd, type Engine, engineBackend } from "./engine.fixture.ts";

interface Wrong {
  readonly engine: Engine;
  readonly kernel: string;
  readonly what: string;
  readonly inputs: readonly HostArray[];
  readonly right: (...inputs: Tensor[]) => Tensor;
  readonly wrong: (...inputs: HostArray[]) => HostArray;
}

const sequence = (shape: readonly number[], at: (i: number) => number): HostArray =>
  array(
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => at(i)),
    { shape },
  );
const negative = sequence([1, 4, 4, 1], (i) => -1 - ((i * 7) % 16));
const negative3 = sequence([1, 4, 4, 4, 1], (i) => -1 - ((i * 7) % 64));
const window = { window: [2, 2], stride: [2, 2] };
const integers = (...values: number[]): HostArray => array(Int32Array.from(values));
const padded = {
  window: [2, 2],
  stride: [1, 1],
  padding: [
    [1, 0],
    [1, 0],
  ],
} as const;
const pool3 = { filterSize: [2, 2, 2], strides: [2, 2, 2], pad: "valid", dataFormat: "NDHWC" };
const pool2 = { filterSize: [2, 2], strides: [2, 2], pad: "valid" };

const table: readonly Wrong[] = [
  {
    engine: "cpu",
    kernel: "Multiply",
    what: "loses the low bits of large products of integers",
    inputs: [integers(2147483647, 65537), integers(2147483647, 65537)],
    right: (a, b) => mul(a!, b!),
    wrong: (a, b) => call("cpu", "Multiply", { a: a!, b: b! }),
  },
  {
    engine: "cpu",
    kernel: "Erf",
    what: "has no correct digits near zero",
    inputs: [array([1e-9, 1e-6])],
    right: (x) => erf(x!),
    wrong: (x) => call("cpu", "Erf", { x: x! }),
  },
  {
    engine: "cpu",
    kernel: "Sign",
    what: "takes NaN for zero",
    inputs: [array([Number.NaN, -2])],
    right: (x) => sign(x!),
    wrong: (x) => call("cpu", "Sign", { x: x! }),
  },
  {
    engine: "cpu",
    kernel: "Pow",
    what: "makes 1 ** NaN NaN",
    inputs: [array([1, -1]), array([Number.NaN, Infinity])],
    right: (a, b) => pow(a!, b!),
    wrong: (a, b) => call("cpu", "Pow", { a: a!, b: b! }),
  },
  {
    engine: "cpu",
    kernel: "Cast",
    what: "wraps floats that are too large for an integer",
    inputs: [array([3e9, -3e9])],
    right: (x) => convert(x!, "i32"),
    wrong: (x) => call("cpu", "Cast", { x: x! }, { dtype: "int32" }),
  },
  {
    engine: "cpu",
    kernel: "ArgMax",
    what: "overlooks NaN",
    inputs: [array([[1, Number.NaN, 3]])],
    right: (x) => argMax(x!, 1),
    wrong: (x) => call("cpu", "ArgMax", { x: x! }, { axis: 1 }),
  },
  {
    engine: "cpu",
    kernel: "MaxPool",
    what: "overlooks NaN",
    inputs: [array([1, Number.NaN, 3, 2], { shape: [1, 2, 2, 1] })],
    right: (x) => maxPool(x!, window),
    wrong: (x) => call("cpu", "MaxPool", { x: x! }, pool2),
  },
  {
    engine: "wasm",
    kernel: "MaxPoolGrad",
    what: "drops windows whose maximum is not positive",
    inputs: [negative],
    right: (x) => grad((z: Tensor) => sum(maxPool(z, window)))(x!),
    wrong: (input) => {
      const output = call("wasm", "MaxPool", { x: input! }, pool2);
      const dy = { ...output, data: output.data.map(() => 1) } as HostArray;
      return call("wasm", "MaxPoolGrad", { dy, input: input!, output }, pool2);
    },
  },
  {
    engine: "wasm",
    kernel: "MaxPool3D",
    what: "drops windows whose maximum is not positive",
    inputs: [negative3],
    right: (x) => maxPool(x!, { window: [2, 2, 2], stride: [2, 2, 2] }),
    wrong: (x) => call("wasm", "MaxPool3D", { x: x! }, pool3),
  },
  {
    engine: "wasm",
    kernel: "MaxPool3DGrad",
    what: "drops windows whose maximum is not positive",
    inputs: [negative3],
    right: (x) => grad((z: Tensor) => sum(maxPool(z, { window: [2, 2, 2], stride: [2, 2, 2] })))(x!),
    wrong: (input) => {
      const dy = sequence([1, 2, 2, 2, 1], () => 1);
      return call("wasm", "MaxPool3DGrad", { dy, input: input! }, pool3);
    },
  },
  ...(["cpu", "wasm"] as const).map(
    (engine): Wrong => ({
      engine,
      kernel: "AvgPoolGrad",
      what: "divides by the size of windows of which AvgPool counted a part",
      inputs: [sequence([1, 3, 3, 1], (i) => i)],
      right: (x) =>
        grad((z: Tensor) =>
          sum(
            div(
              sumPool(z, padded),
              sumPool(
                sequence([1, 3, 3, 1], () => 1),
                padded,
              ),
            ),
          ),
        )(x!),
      wrong: (input) => {
        const attrs = { filterSize: [2, 2], strides: [1, 1], pad: [[0, 0], ...padded.padding, [0, 0]] };
        return call(engine, "AvgPoolGrad", { dy: sequence([1, 3, 3, 1], () => 1), input: input! }, attrs as never);
      },
    }),
  ),
  {
    engine: "wasm",
    kernel: "Conv3DBackpropInputV2",
    what: "reads past the ends of its arrays",
    inputs: [sequence([1, 3, 3, 3, 2], (i) => (i % 5) - 2), sequence([2, 2, 2, 2, 3], (i) => (i % 7) - 3)],
    right: (x, kernel) => grad((z: Tensor) => sum(conv(z, kernel!)))(x!),
    wrong: (x, filter) => {
      const dy = sequence([1, 2, 2, 2, 3], () => 1);
      const attrs = { inputShape: [...x!.shape], strides: [1, 1, 1], pad: "valid" };
      const release = crowd("wasm", [sizeOf(dy.shape), sizeOf(filter!.shape)]);
      const result = call("wasm", "Conv3DBackpropInputV2", { dy, filter: filter! }, attrs);
      release();
      return result;
    },
  },
  {
    engine: "wasm",
    kernel: "PadV2",
    what: "pads with an earlier call's value for NaN",
    inputs: [array([1, 2, 3], { shape: [1, 3, 1] })],
    right: (x) => pad(x!, [0, 1, 0], [0, 2, 0], Number.NaN),
    wrong: (x) => {
      const paddings = [
        [0, 0],
        [1, 2],
        [0, 0],
      ];
      call("wasm", "PadV2", { x: x! }, { paddings, constantValue: -Infinity });
      return call("wasm", "PadV2", { x: x! }, { paddings, constantValue: Number.NaN });
    },
  },
  {
    engine: "wasm",
    kernel: "Neg",
    what: "takes integers for floats",
    inputs: [integers(2147483647)],
    right: (x) => neg(x!),
    wrong: (x) => call("wasm", "Neg", { x: x! }),
  },
  {
    engine: "wasm",
    kernel: "Log1p",
    what: "has no correct digits near zero",
    inputs: [array([1e-9, 1e-4])],
    right: (x) => log1p(x!),
    wrong: (x) => call("wasm", "Log1p", { x: x! }),
  },
];

const relative = { relative: 1e-5 };

it.each(table)("$engine: $kernel $what; its stand-in does not", async ({ engine, inputs, right, wrong }) => {
  const backend = await engineBackend(engine);
  const { program } = record(right as never, ...(inputs as never[]));
  const [truth] = interpret(program, inputs) as [HostArray];
  expect(difference(wrong(...inputs), truth, relative)).toBeDefined();
  const actual = (await run(backend, right as never, ...(inputs as never[]))) as unknown as HostArray;
  expect(difference(actual, truth, relative)).toBeUndefined();
});

it("wasm: BatchMatMul keeps what it prepared of an array under another shape; products read copies", async () => {
  const backend = await engineBackend("wasm");
  const inputs = [sample([3, 4]), sample([3, 6]), sample([4, 6], "f32", { seed: 2 })] as const;
  const both = (x: Tensor, y: Tensor, w: Tensor): Tensor[] => [matmul(x, w), matmul(y, reshape(w, [6, 4]))];
  const truth = interpret(record(both, ...inputs).program, inputs);
  const results = (await run(backend, both, ...inputs)) as HostArray[];
  for (const [i, result] of results.entries()) {
    expect(difference(result, truth[i]!, { ...relative, magnitude: "largest" })).toBeUndefined();
  }
});
