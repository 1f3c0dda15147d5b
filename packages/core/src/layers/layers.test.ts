// Layers by closed forms and finite differences. Agreement with PyTorch is tested in testkit.
import {
  array,
  grad,
  type HostArray,
  type Key,
  mul,
  randomKey,
  referenceBackend,
  run,
  sin,
  sum,
  type Tensor,
  type Tree,
  treeLeaves,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { apply } from "../model/apply.ts";
import { initialize } from "../model/init.ts";
import type { Layer } from "../model/layer.ts";
import type { TensorTree } from "../model/variables.ts";
import { activation } from "./activation.ts";
import { batchNorm } from "./batch-norm.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { groupNorm, instanceNorm, layerNorm } from "./norms.ts";
import { residual } from "./residual.ts";
import { sequential } from "./sequential.ts";
import { flatten, reshape } from "./shape.ts";

const backend = referenceBackend();

/** Numbers without a pattern that a mistake could share. */
const numbers = (shape: readonly number[], phase: number): HostArray =>
  array(
    Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(2.3 * i * i + phase)),
    { shape },
  );

const models: readonly [name: string, layer: Layer, shape: readonly number[]][] = [
  ["dense", dense({ units: 2, activation: "tanh" }), [3, 4]],
  ["dense without bias on three axes", dense({ units: 2, bias: false }), [2, 2, 3]],
  ["batchNorm", batchNorm(), [3, 2, 2]],
  ["layerNorm", layerNorm(), [2, 3, 4]],
  ["groupNorm", groupNorm({ groups: 2 }), [2, 3, 4]],
  ["instanceNorm on one sample", instanceNorm(), [1, 2, 3, 2]],
  ["dropout", dropout({ rate: 0.4 }), [3, 4]],
  ["softmax", activation("softmax"), [2, 4]],
  [
    "a network",
    sequential([
      flatten(),
      reshape({ shape: [2, -1] }),
      residual(dense({ units: 3, activation: "mish" })),
      batchNorm(),
    ]),
    [2, 3, 2],
  ],
];

describe("gradients agree with finite differences", () => {
  it.each(models)("%s", async (_, layer, shape) => {
    const { params, state } = await initialize(backend, layer, shape.slice(1), 3, "f64");
    const x = numbers(shape, 0.5);
    const loss = (inputs: { params: TensorTree; x: Tensor }, states: TensorTree, key: Key): Tensor => {
      const variables = { params: inputs.params, state: states };
      const { output } = apply(layer, variables, inputs.x, { training: true, key });
      return sum(mul(sin(output), output));
    };
    const evaluate = async (given: unknown, fn: unknown): Promise<Tree<HostArray>> =>
      (await run(backend, fn as (...all: unknown[]) => unknown, given, state, randomKey(1))) as Tree<HostArray>;
    const inputs = { params, x };
    const gradients = treeLeaves<HostArray>(await evaluate(inputs, grad(loss as never)));
    for (const [leaf, { path, value }] of treeLeaves<HostArray>(inputs).entries()) {
      for (let i = 0; i < value.data.length; i += 3) {
        const [original, step] = [value.data[i]!, 1e-5];
        const at = async (where: number): Promise<number> => {
          value.data[i] = where;
          return ((await evaluate(inputs, loss)) as HostArray).data[0]!;
        };
        const slope = ((await at(original + step)) - (await at(original - step))) / (2 * step);
        value.data[i] = original;
        expect(gradients[leaf]!.value.data[i], `${path}[${i}]`).toBeCloseTo(slope, 7);
      }
    }
  });
});

async function output(layer: Layer, x: HostArray, training = false): Promise<HostArray> {
  const variables = await initialize(backend, layer, x.shape.slice(1), 0);
  const fn = (v: never, input: Tensor, key: Key): Tensor => apply(layer, v, input, { training, key }).output;
  return run(backend, fn, variables as never, x, randomKey(5));
}

describe("dropout", () => {
  const ones = array(new Float32Array(10_000).fill(1), { shape: [100, 100] });

  it("keeps a share of 1 - rate, scaled so that the mean stays", async () => {
    const { data } = await output(dropout({ rate: 0.2 }), ones, true);
    expect(new Set(data)).toEqual(new Set([0, Math.fround(1.25)]));
    // Binomial with standard deviation 40.
    expect(Math.abs(data.filter((value) => value !== 0).length - 8000)).toBeLessThan(160);
  });

  it("is the identity outside training and at rate 0", async () => {
    expect(await output(dropout({ rate: 0.2 }), ones)).toEqual(ones);
    expect(await output(dropout({ rate: 0 }), ones, true)).toEqual(ones);
  });
});

describe("flatten and reshape", () => {
  const x = array([
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ]);

  it("keep the order of elements", async () => {
    expect(await output(flatten(), x)).toEqual(array([[1, 2, 3, 4, 5, 6]]));
    expect(await output(reshape({ shape: [3, -1] }), x)).toEqual(
      array([
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      ]),
    );
  });

  it("take an empty batch", async () => {
    const none = array(new Float32Array(0), { shape: [0, 2, 3] });
    expect((await output(sequential([flatten(), reshape({ shape: [-1, 2] })]), none)).shape).toEqual([0, 3, 2]);
  });
});

it("dense starts as PyTorch's Linear: kernel and bias uniform within 1 / sqrt(inputs)", async () => {
  const { params } = await initialize(backend, dense({ units: 100 }), [100], 0);
  const { kernel, bias } = params as never as Record<"kernel" | "bias", HostArray>;
  for (const { data } of [kernel, bias]) {
    const sizes = (data as Float32Array).map(Math.abs);
    expect(Math.max(...sizes)).toBeLessThan(0.1);
    expect(Math.max(...sizes)).toBeGreaterThan(0.095);
  }
});
