// What parity with PyTorch does not show: streaming to the bit, program size, counts, JSON, and refused inputs.
import { wasmBackend } from "@hooke/backend-wasm";
import {
  apply,
  core,
  init,
  initialize,
  type Layer,
  layerFromJson,
  sequential,
  summary,
  type Variables,
} from "@hooke/core";
import {
  array,
  asTensor,
  type Backend,
  compile,
  grad,
  type HostArray,
  randomKey,
  record,
  referenceBackend,
  square,
  sum,
  type Tensor,
  type Tree,
  zeros,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { causalConv1d, crackGrowthLSTM, embedding, gru, lstm, rnn, sequences, tcnBlock } from "./index.ts";

/** `[batch, time, features]` of fixed numbers. */
const history = (batch: number, time: number, features: number): HostArray =>
  array(
    Float32Array.from({ length: batch * time * features }, (_, i) => Math.sin(3.7 * i + 1)),
    { shape: [batch, time, features] },
  );

const stepOf = ({ shape, data }: HostArray, at: number): HostArray => {
  const [batch, time, features] = shape as readonly [number, number, number];
  const rows = Array.from({ length: batch }, (_, b) => {
    const from = (b * time + at) * features;
    return Array.from(data.subarray(from, from + features));
  });
  return array(rows.flat(), { shape: [batch, 1, features] });
};

type Applied = { output: HostArray; carry: Tree<HostArray> };

/** A model as a function of variables, input and what was carried. */
const streaming = (backend: Backend, model: Layer) =>
  compile(backend, ((variables: Variables, x: Tensor, carry: Tree<Tensor>) => {
    const applied = apply(model, variables, x, { carry });
    return { output: applied.output, carry: applied.carry };
  }) as never) as unknown as (variables: unknown, x: HostArray, carry: unknown) => Promise<Applied>;

describe.each([
  ["wasm", wasmBackend()],
  ["reference", referenceBackend()],
] as const)("streaming on %s equals the whole sequence to the bit", (name, backend) => {
  const sizes =
    name === "wasm"
      ? [
          [1, 3, 5],
          [2, 1, 8],
          [3, 5, 64],
          [5, 17, 33],
        ]
      : [[2, 3, 4]];
  const models: readonly (readonly [string, (size: number) => Layer])[] = [
    ["lstm", (size) => lstm({ hiddenSize: size, layers: 2 })],
    ["gru", (size) => gru({ hiddenSize: size })],
    ["gru, reset before", (size) => gru({ hiddenSize: size, resetGate: "beforeProduct" })],
    ["rnn", (size) => rnn({ hiddenSize: size })],
    [
      "tcn",
      (size) =>
        sequential([
          tcnBlock({ filters: size, kernelSize: 3 }),
          causalConv1d({ filters: 2, kernelSize: 2, dilation: 2 }),
        ]),
    ],
  ];
  it.each(models.flatMap(([title, model]) => sizes.map((size) => [title, size.join(" "), model, size] as const)))(
    "%s, batch, features and size %s",
    async (_title, _size, modelOf, [batch, features, size]) => {
      const model = modelOf(size!);
      const time = 9;
      const x = history(batch!, time, features!);
      const variables = await initialize(backend, model, [time, features!], 1);
      const run = streaming(backend, model);
      const whole = await run(variables, x, {});
      let carry: unknown = {};
      const width = whole.output.shape[2]!;
      for (let t = 0; t < time; t++) {
        const step = await run(variables, stepOf(x, t), carry);
        carry = step.carry;
        for (let b = 0; b < batch!; b++) {
          const from = (b * time + t) * width;
          expect([...step.output.data.subarray(b * width, (b + 1) * width)], `step ${t}`).toEqual([
            ...whole.output.data.subarray(from, from + width),
          ]);
        }
      }
      expect(carry).toEqual(whole.carry);
    },
  );
});

it("recording and program size do not grow with the number of steps", () => {
  const nodesOf = (time: number): number => {
    const model = crackGrowthLSTM();
    const loss = (key: Tensor) => {
      const variables = init(model, [time, 3], key);
      const of = (params: unknown) =>
        sum(square(apply(model, { params, state: {} } as Variables, asTensor(zeros([4, time, 3]))).output));
      return grad(of as never)(variables.params as never);
    };
    const { program } = record(loss as never, randomKey(0));
    const count = ({ nodes }: { nodes: readonly { primitive: string; params: unknown }[] }): number =>
      nodes.reduce(
        (total, node) => total + 1 + (node.primitive === "scan" ? count((node.params as { body: never }).body) : 0),
        0,
      );
    return count(program as never);
  };
  // Derivatives of more than 32 steps also carry what their sums lose: a few nodes, once.
  expect(nodesOf(4000)).toBe(nodesOf(40));
});

it.each<[string, Layer, readonly number[] | { shape: readonly number[]; dtype: "i32" }, readonly number[], number]>([
  ["crackGrowthLSTM", crackGrowthLSTM(), [20, 3], [1], 50_497],
  ["a bidirectional sequence", lstm({ hiddenSize: 4, bidirectional: true }), [7, 3], [7, 8], 2 * (12 + 16 + 4) * 4],
  [
    "a bidirectional last step",
    gru({ hiddenSize: 4, bidirectional: true, returns: "last" }),
    [7, 3],
    [8],
    2 * (36 + 48 + 12 + 4),
  ],
  ["embedding", embedding({ symbols: 5, size: 3 }), { shape: [7], dtype: "i32" }, [7, 3], 15],
])("%s: shape and parameters", (_, layer, input, output, parameters) => {
  const model = sequential([layer]);
  const found = summary(model, input);
  expect(found.parameters).toBe(parameters);
  const applied = record((key: Tensor) => {
    const shape = "shape" in input ? input.shape : input;
    const x = asTensor(zeros([2, ...shape], "shape" in input ? "i32" : "f32"));
    return apply(layer, init(layer, input, key), x).output as never;
  }, randomKey(0));
  expect((applied.result as unknown as HostArray).shape).toEqual([2, ...output]);
});

it("layers are JSON", () => {
  const model = sequential([
    lstm({ hiddenSize: 2, layers: 2, dropout: 0.1 }),
    tcnBlock({ filters: 2, kernelSize: 2 }),
    crackGrowthLSTM(),
  ]);
  const again = layerFromJson(JSON.parse(JSON.stringify(model)), [core, sequences]);
  expect(JSON.stringify(again)).toBe(JSON.stringify(model));
});

it("a padding symbol's vector is zero and gets no gradient", async () => {
  const layer = embedding({ symbols: 3, size: 2, paddingIndex: 1 });
  const variables = await initialize(referenceBackend(), layer, { shape: [2], dtype: "i32" }, 0);
  const run = streaming(referenceBackend(), layer);
  const { output } = await run(variables, array([[0, 1]], { dtype: "i32" }), {});
  expect([...output.data.subarray(2)]).toEqual([0, 0]);
  expect(output.data[0]).not.toBe(0);
});

it.each<[string, () => unknown, RegExp]>([
  ["no size", () => lstm({} as never), /^lstm: option "hiddenSize" is missing; expected a whole number above 0/],
  ["a rate of 1", () => gru({ hiddenSize: 2, dropout: 1 }), /option "dropout" is 1; expected a number in \[0, 1\)/],
  ["an unknown return", () => rnn({ hiddenSize: 2, returns: "all" as never }), /expected one of "sequence", "last"/],
  [
    "a table as a sequence",
    () => summary(lstm({ hiddenSize: 2 }), [3]),
    /expected \[batch, time, features\] in f32 or f64, received f32\[1, 3\]/,
  ],
  [
    "floats as symbols",
    () => summary(embedding({ symbols: 3, size: 2 }), [3]),
    /expected whole numbers \(i32 or u32\), received f32/,
  ],
  [
    "a padding symbol that does not exist",
    () => summary(embedding({ symbols: 3, size: 2, paddingIndex: 3 }), { shape: [1], dtype: "i32" }),
    /has the paddingIndex 3 for 3 symbols; it is one of 0 to 2/,
  ],
])("refuses %s", (_, make, message) => {
  expect(make).toThrow(message);
});
