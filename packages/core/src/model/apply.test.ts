// Init and apply: variables by path, state that is collected in one place, randomness by path, and messages that name the layer.
import {
  add,
  array,
  type Key,
  mul,
  randomKey,
  referenceBackend,
  run,
  sum,
  type Tensor,
  type Tree,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { batchNorm } from "../layers/batch-norm.ts";
import { dense } from "../layers/dense.ts";
import { dropout } from "../layers/dropout.ts";
import { frozen } from "../layers/frozen.ts";
import { residual } from "../layers/residual.ts";
import { sequential } from "../layers/sequential.ts";
import { flatten, reshape } from "../layers/shape.ts";
import { type ApplyOptions, apply } from "./apply.ts";
import { defineLayer, type NoOptions } from "./define-layer.ts";
import { init, initialize } from "./init.ts";
import type { Layer } from "./layer.ts";
import { summary } from "./summary.ts";
import type { Variables } from "./variables.ts";

const backend = referenceBackend();

/** Output and next state of a model on the host. */
async function applied(
  layer: Layer,
  variables: Variables<unknown>,
  x: number[][],
  options: { training?: boolean } = {},
) {
  const fn = (v: Variables, input: Tensor, key: Key): unknown =>
    apply(layer, v, input, { ...options, key } as ApplyOptions);
  const result = await run(backend, fn as never, variables as never, array(x) as never, randomKey(7) as never);
  return result as unknown as { output: { data: Float32Array; shape: number[] }; state: Tree<{ data: Float32Array }> };
}

const counter = defineLayer({
  type: "test/counter",
  state: (_config: NoOptions) => ({ calls: { shape: [], initializer: "zeros" } }),
  apply: ({ state }, x) => [add(x, state.calls), { calls: add(state.calls, 1) }],
});

const twice = defineLayer({
  type: "test/twice",
  children: (inner: Layer) => ({ inner }),
  apply: ({ children: { inner } }, x) => inner(inner(x)),
});

describe("init", () => {
  it("nests variables under child names", async () => {
    const model = sequential({
      body: residual(sequential([dense({ units: 3 }), batchNorm()])),
      head: dense({ units: 1 }),
    });
    const { params, state } = await initialize(backend, model, [3], 0);
    const shapes = JSON.parse(JSON.stringify({ params, state }, (key, value) => (key === "data" ? undefined : value)));
    const f32 = (...shape: number[]) => ({ shape, dtype: "f32" });
    expect(shapes).toEqual({
      params: {
        body: { layer: { 0: { kernel: f32(3, 3), bias: f32(3) }, 1: { scale: f32(3), bias: f32(3) } } },
        head: { kernel: f32(3, 1), bias: f32(1) },
      },
      state: { body: { layer: { 1: { mean: f32(3), variance: f32(3) } } } },
    });
  });

  it("depends on seed and path alone", async () => {
    const kernel = async (layer: Layer, seed: number) =>
      ((await initialize(backend, layer, [3], seed)).params as never as { 0: { kernel: { data: Float32Array } } })[0]
        .kernel.data;
    const short = sequential([dense({ units: 3 })]);
    const long = sequential([dense({ units: 3 }), dense({ units: 3 })]);
    expect(await kernel(short, 1)).toEqual(await kernel(long, 1));
    expect(await kernel(short, 1)).not.toEqual(await kernel(short, 2));
  });

  it("makes f64 variables on request", async () => {
    const { params } = await initialize(backend, dense({ units: 1 }), [2], 0, "f64");
    expect((params as never as { kernel: { dtype: string } }).kernel.dtype).toBe("f64");
  });

  it("refuses a name that is both a child and a variable", () => {
    const layer = defineLayer({
      type: "test/clash",
      children: (_config: NoOptions) => ({ inner: flatten() }),
      params: () => ({ inner: { shape: [], initializer: "zeros" } }),
      apply: ({ params }, x) => mul(x, params.inner),
    });
    expect(() => summary(layer(), [1])).toThrow("test/clash: inner: is the name of both a child and a variable");
  });
});

describe("state", () => {
  it("is collected from nested layers, and kept by those that were not called", async () => {
    const unused = defineLayer({
      type: "test/unused",
      children: (_config: NoOptions) => ({ used: residual(counter()), never: counter() }),
      apply: ({ children: { used, never }, training }, x) => used(training ? x : never(x)),
    });
    const variables = await initialize(backend, unused(), [1], 0);
    const { state } = await applied(unused(), variables, [[1]], { training: true });
    const calls = (count: number) => ({ calls: array(Float32Array.of(count), { shape: [] }) });
    expect(state).toEqual({ used: { layer: calls(1) }, never: calls(0) });
  });

  it("moves on when a layer is called twice", async () => {
    const model = twice(counter());
    const { output, state } = await applied(model, await initialize(backend, model, [1], 0), [[0]]);
    expect(output.data).toEqual(Float32Array.of(1));
    expect(state).toEqual({ inner: { calls: array(Float32Array.of(2), { shape: [] }) } });
  });
});

describe("randomness", () => {
  it("differs between layers and between calls of one layer", async () => {
    const x = [Array.from({ length: 64 }, () => 1)];
    const kept = async (layer: Layer) =>
      (await applied(layer, { params: {}, state: {} }, x, { training: true })).output.data;
    const drop = dropout({ rate: 0.5 });
    const once = (await kept(sequential([drop]))).filter((value) => value !== 0).length;
    const both = (await kept(sequential([drop, drop]))).filter((value) => value !== 0).length;
    const repeated = (await kept(twice(drop))).filter((value) => value !== 0).length;
    expect(once).toBeGreaterThan(20);
    expect(both).toBeLessThan(once);
    expect(repeated).toBeLessThan(28);
  });
});

describe("messages name the layer", () => {
  const model = sequential({
    body: sequential([dense({ units: 4 }), reshape({ shape: [2, 2] })]),
    head: dense({ units: 1 }),
  });
  const drop = sequential([dropout({ rate: 0.5 })]);
  const broken = defineLayer({
    type: "test/broken",
    state: (_config: NoOptions) => ({ calls: { shape: [], initializer: "zeros" } }),
    apply: (() => undefined) as never,
  });
  const empty = { params: {}, state: {} };

  it.each([
    [
      "an input of other features",
      async () => applied(model, await initialize(backend, model, [3], 0), [[1, 2]]),
      'body.0 (dense): received an input f32[1, 2], for which "kernel" is expected to be [2, 4]; it is [3, 4]. Give inputs of the shape the model was initialised for.',
    ],
    [
      "missing variables",
      () => applied(model, empty, [[1, 2]]),
      'body.0 (dense): the variables have no "body.0.kernel".',
    ],
    [
      "no features",
      async () => initialize(backend, model, [], 0),
      "body.0 (dense): expected an input [batch, ..., features], received [batch].",
    ],
    [
      "a reshape that does not fit",
      async () => initialize(backend, sequential([flatten(), reshape({ shape: [2, -1] })]), [3], 0),
      "1 (reshape): f32[1, 3] does not fit [batch, 2, -1].",
    ],
    [
      "a residual that changes the shape",
      async () => initialize(backend, residual(dense({ units: 2 })), [3], 0),
      "residual: expected the layer inside to keep the shape, f32[1, 3]; it returned f32[1, 2].",
    ],
    [
      "an operation inside a layer",
      async () => initialize(backend, sequential({ a: bad() }), [3], 0),
      "a (test/bad): add: shapes [1, 3] and [2] do not broadcast",
    ],
    [
      "dropout without a key",
      () => run(backend, (x: Tensor) => apply(drop, empty, x, { training: true }).output, array([[1]])),
      '0 (dropout): needs random numbers ("rng"): apply the model with { training: true, key }.',
    ],
    [
      "a layer that forgets its state",
      async () => initialize(backend, sequential([broken()]), [1], 0),
      "0 (test/broken): declares state; its apply must return [output, next state].",
    ],
    [
      "one value per channel",
      async () => applied(batchNorm(), await initialize(backend, batchNorm(), [2], 0), [[1, 2]], { training: true }),
      "batchNorm: expected more than one value per channel in training, received f32[1, 2]; train on batches of more rows.",
    ],
  ])("%s", async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
  });
});

const bad = defineLayer({
  type: "test/bad",
  options: {},
  params: (_config: NoOptions) => ({ wrong: { shape: [2], initializer: "zeros" } }),
  apply: ({ params }, x) => add(x, params.wrong),
});

describe("summary", () => {
  it("counts the parameters of a network of two hidden layers", () => {
    const hidden = dense({ units: 64, activation: "relu" });
    const { rows, parameters } = summary(sequential([hidden, hidden, dense({ units: 1 })]), [10]);
    expect(parameters).toBe(4929);
    expect(rows.map((row) => row.parameters)).toEqual([704, 4160, 65]);
  });

  it("prints a table and lists a layer that runs twice once", () => {
    expect(String(summary(sequential([twice(dense({ units: 2 })), batchNorm()]), [2]))).toBe(
      [
        "layer    type       output  parameters",
        "-------  ---------  ------  ----------",
        "0.inner  dense      [2]              6",
        "1        batchNorm  [2]              4",
        "-------  ---------  ------  ----------",
        "                                    10",
      ].join("\n"),
    );
  });
});

it("a summary tells trained parameters from frozen ones", () => {
  const model = sequential({
    body: frozen(sequential([dense({ units: 64 }), batchNorm()])),
    head: dense({ units: 1 }),
  });
  const found = summary(model, [10]);
  expect([found.parameters, found.trainedParameters, found.frozenParameters]).toEqual([897, 65, 832]);
  expect(String(found)).toBe(
    [
      "layer    type                output  parameters",
      "-------  ------------------  ------  ----------",
      "body.0   dense (frozen)      [64]           704",
      "body.1   batchNorm (frozen)  [64]           128",
      "head     dense               [1]             65",
      "-------  ------------------  ------  ----------",
      "trained                                      65",
      "frozen                                      832",
      "all                                         897",
    ].join("\n"),
  );
});

it("init inside a recording makes tensors", async () => {
  const total = await run(
    backend,
    (key: Key) =>
      sum((init(dense({ units: 2, kernelInitializer: "ones" }), [3], key).params as { kernel: Tensor }).kernel),
    randomKey(0),
  );
  expect(total.data[0]).toBe(6);
});
