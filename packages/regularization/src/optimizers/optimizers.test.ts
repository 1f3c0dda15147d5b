// Around optimizers: which parameters are decayed and bounded unless told otherwise.
import { adamw, type Optimizer, sgd, type TensorTree } from "@hooke/core";
import {
  array,
  type HostArray,
  mul,
  record,
  referenceBackend,
  run,
  type Tensor,
  treeLeaves,
  treeMap,
} from "@hooke/runtime";
import { describe, expect, it, test } from "vitest";
import { biasesAndScales } from "../parameters.ts";
import { l1, l2 } from "../penalties.ts";
import { exponentialMovingAverage, stochasticWeightAveraging } from "./average.ts";
import { decayWeightsOnly } from "./decay.ts";
import { maxNorm } from "./max-norm.ts";

const backend = referenceBackend();
const matrix = array([
  [3, 4],
  [0, 3],
]);
const vector = array([3, 4]);
/** A recurrent layer's, a norm's, a prelu's and a table's parameters, under the names that layers give them. */
const params = {
  gru: { kernel: matrix, recurrentKernel: matrix, bias: vector, recurrentBias: vector },
  norm: { scale: vector, bias: vector },
  prelu: { slope: vector },
  embedding: { table: matrix },
  token: vector,
};

/** Paths of the parameters that one update without gradients changes. */
async function changed(optimizer: ReturnType<typeof sgd>): Promise<string[]> {
  const update = (given: TensorTree, learningRate: Tensor, step: Tensor): TensorTree => {
    const still = treeMap(given, (value: Tensor) => mul(value, 0)) as TensorTree;
    return optimizer.update(still, optimizer.init(given), given, { learningRate, step })[0];
  };
  const found = await run(backend, update as never, ...([params, array(0.5), array(1, { dtype: "i32" })] as never[]));
  const before = new Map(treeLeaves<HostArray>(params).map(({ path, value }) => [path, [...value.data].join()]));
  return treeLeaves<HostArray>(found as never)
    .filter(({ path, value }) => [...value.data].join() !== before.get(path))
    .map(({ path }) => path);
}

describe("decayWeightsOnly", () => {
  it("spares biases, recurrent ones included, scales and slopes; tables and tokens are decayed", async () => {
    expect(await changed(decayWeightsOnly(adamw, { weightDecay: 0.5 }))).toEqual([
      "gru.kernel",
      "gru.recurrentKernel",
      "embedding.table",
      "token",
    ]);
  });

  it("spares more where it is listed", async () => {
    const spared = [...biasesAndScales, "**.table", "**.token"];
    expect(await changed(decayWeightsOnly(adamw, { weightDecay: 0.5 }, spared))).toEqual([
      "gru.kernel",
      "gru.recurrentKernel",
    ]);
  });
});

it("penalties leave the same parameters alone", async () => {
  // Kernels and table: 3 + 4 + 0 + 3 each; the token 3 + 4.
  expect((await run(backend, l1({ strength: 1 }) as never, params as never)) as unknown as HostArray).toEqual(
    array(37),
  );
  expect((await run(backend, l2({ strength: 1 }) as never, params as never)) as unknown as HostArray).toEqual(
    array(3 * 34 + 25),
  );
});

describe("maxNorm", () => {
  it("bounds kernels, and nothing else unless it is named", async () => {
    expect(await changed(maxNorm({ limit: 1 }, sgd()))).toEqual(["gru.kernel", "gru.recurrentKernel"]);
    expect(await changed(maxNorm({ limit: 1, paths: "**.table", axis: 0 }, sgd()))).toEqual(["embedding.table"]);
  });

  it("takes norms along the axis of the units", async () => {
    const kernel = { kernel: matrix };
    const bound = (axis: number) => (given: TensorTree) =>
      maxNorm({ limit: 2.5, axis }, sgd()).update(given, {}, given, { learningRate: 0, step: 1 } as never)[0];
    // With a learning rate of 0 the update leaves the matrix; rows have the norms 5 and 3, columns 3 and 5.
    const rows = (await run(backend, bound(0) as never, kernel as never)) as unknown as typeof kernel;
    expect(Array.from(rows.kernel.data, (value) => Math.round(value * 1e4) / 1e4)).toEqual([1.5, 2, 0, 2.5]);
    const columns = (await run(backend, bound(-1) as never, kernel as never)) as unknown as typeof kernel;
    expect(Array.from(columns.kernel.data, (value) => Math.round(value * 1e4) / 1e4)).toEqual([2.5, 2, 0, 1.5]);
  });

  it("says so where there are no kernels", () => {
    const optimizer = maxNorm({ limit: 1 }, sgd());
    expect(() => optimizer.init({ table: array([[1]]) } as never)).toThrow(
      'maxNorm: ["**.kernel","**.*Kernel"] names no parameter. There are: table.',
    );
  });
});

test.each<[string, (junk: Optimizer) => Optimizer]>([
  ["exponentialMovingAverage", (junk) => exponentialMovingAverage({}, junk)],
  ["stochasticWeightAveraging", (junk) => stochasticWeightAveraging({ start: 1, every: 1 }, junk)],
  ["maxNorm", (junk) => maxNorm({ limit: 1 }, junk)],
])("what an optimizer inside of %s returns is named", (_, around) => {
  const optimizer = around({ init: () => ({}), update: () => undefined as never });
  const inputs = { learningRate: 1, step: 1 } as never;
  const update = (kernel: Tensor) => optimizer.update({ kernel }, optimizer.init({ kernel }), { kernel }, inputs)[0];
  expect(() => record(update, { shape: [2, 2], dtype: "f32" })).toThrow("optimizer: update returned undefined;");
});
