// Optimizers: structure, composition and refusals. Agreement with PyTorch is tested in testkit.
import { array, type HostArray, optimize, record, referenceBackend, run, type Tensor, type Tree } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import type { TensorTree } from "../model/variables.ts";
import { accumulate, trainingSlots } from "./accumulate.ts";
import { adam, adamw } from "./adam.ts";
import { clipByGlobalNorm, clipByValue } from "./clip.ts";
import { groups } from "./groups.ts";
import { chain, type Optimizer } from "./optimizer.ts";
import { rmsprop } from "./rmsprop.ts";
import { sgd } from "./sgd.ts";

const backend = referenceBackend();
const params = { body: { kernel: array([[1, 2]]), bias: array([3]) }, head: { bias: array([4, 5]) } };
const ones = { body: { kernel: array([[1, 1]]), bias: array([1]) }, head: { bias: array([1, 1]) } };

/** The parameters after some steps of constant gradients and learning rate 1. */
async function after(optimizer: Optimizer, steps: number, gradients: Tree<HostArray> = ones): Promise<typeof params> {
  type Untyped = (...args: unknown[]) => unknown;
  let slots = (await run(backend, optimizer.init as Untyped, params)) as Tree<HostArray>;
  let now: Tree<HostArray> = params;
  for (let step = 1; step <= steps; step++) {
    const update = (g: TensorTree, s: TensorTree, p: TensorTree, learningRate: Tensor, number: Tensor) =>
      optimizer.update(g, s, p, { learningRate, step: number });
    const args = [gradients, slots, now, array(1), array(step, { dtype: "i32" })];
    [now, slots] = (await run(backend, update as Untyped, ...args)) as [Tree<HostArray>, Tree<HostArray>];
  }
  return now as typeof params;
}

it("sgd steps against the gradient", async () => {
  expect((await after(sgd(), 2)).body.kernel.data).toEqual(Float32Array.of(-1, 0));
});

it("the first step of adam has the size of the learning rate, whatever the gradient", async () => {
  const { head } = await after(adam(), 1, { ...ones, head: { bias: array([1e-3, -1e3]) } });
  expect(head.bias.data[0]).toBeCloseTo(3, 4);
  expect(head.bias.data[1]).toBeCloseTo(6, 4);
});

it("slots are trees like the parameters", () => {
  const paths = (optimizer: Optimizer): string[] => {
    const found: string[] = [];
    record((p: TensorTree) => {
      const slots = optimizer.init(p);
      found.push(...Object.keys(slots));
      return [];
    }, params as never);
    return found;
  };
  expect(paths(adam())).toEqual(["firstMoment", "secondMoment"]);
  expect(paths(sgd())).toEqual([]);
  expect(paths(sgd({ momentum: 0.9 }))).toEqual(["velocity"]);
  expect(paths(rmsprop({ momentum: 0.9 }))).toEqual(["meanSquare", "velocity"]);
  expect(paths(chain(clipByValue(1), adamw()))).toEqual(["firstMoment", "secondMoment"]);
  const accumulated = accumulate(2, adam());
  expect(paths({ ...accumulated, init: (p) => trainingSlots(accumulated, p) })).toEqual(["gradients", "optimizer"]);
});

it("adam records its scalars once and one chain of thirteen operations per parameter", () => {
  const optimizer = adam();
  const slots = { firstMoment: params, secondMoment: params };
  const update = (p: TensorTree, g: TensorTree, s: typeof slots, learningRate: Tensor, step: Tensor) =>
    optimizer.update(g, s as never, p, { learningRate, step });
  const { program } = record(update as never, ...([params, ones, slots, array(1), array(1)] as never[]));
  const nodes = optimize(program).nodes.filter(
    ({ primitive }) => !["full", "broadcast", "reshape"].includes(primitive),
  );
  expect(nodes.filter(({ primitive }) => primitive === "expm1")).toHaveLength(2);
  expect(nodes.length - 3 * 13).toBeLessThanOrEqual(8);
});

describe("clipping", () => {
  it("limits every element", async () => {
    const clipped = chain(clipByValue(0.5), sgd());
    expect((await after(clipped, 1)).head.bias.data).toEqual(Float32Array.of(3.5, 4.5));
  });

  it("limits the norm of all gradients together, and leaves smaller ones", async () => {
    const clipped = chain(clipByGlobalNorm(1), sgd());
    expect((await after(clipped, 1)).head.bias.data[0]).toBeCloseTo(4 - 1 / Math.sqrt(5), 5);
    expect(await after(chain(clipByGlobalNorm(10), sgd()), 1)).toEqual(await after(sgd(), 1));
  });
});

describe("accumulate", () => {
  it("is passed on by what stands around it", () => {
    const inner = accumulate(3, sgd());
    expect(accumulate(2, inner).accumulation).toBe(6);
    expect(chain(clipByValue(1), inner).accumulation).toBe(3);
    expect(groups([{ paths: "head.*", optimizer: accumulate(3, adam()) }], inner).accumulation).toBe(3);
    expect(chain(clipByValue(1), sgd()).accumulation).toBeUndefined();
  });

  it("is refused inside of an optimizer that does not pass it on", async () => {
    const inner = accumulate(3, sgd());
    const around: Optimizer = { init: inner.init, update: (...args) => inner.update(...args) };
    await expect(after(around, 1)).rejects.toThrow(
      "accumulate: an optimizer around it does not say that it accumulates; let it pass on accumulation",
    );
  });

  it("is refused in some groups and not in others", () => {
    expect(() => groups([{ paths: "head.*", optimizer: accumulate(2, sgd()) }], sgd())).toThrow(
      "groups: one of the groups accumulates and another does not",
    );
  });
});

describe("groups", () => {
  it("gives each parameter to the first group that names it", async () => {
    const optimizer = groups(
      [
        { paths: "head.*", optimizer: sgd({ momentum: 0.5 }), learningRateFactor: 2 },
        { paths: "**.bias", optimizer: sgd(), learningRateFactor: 0 },
      ],
      sgd(),
    );
    const found = await after(optimizer, 2);
    expect(found.head.bias.data).toEqual(Float32Array.of(4 - 2 - 3, 5 - 2 - 3));
    expect(found.body.bias.data).toEqual(Float32Array.of(3));
    expect(found.body.kernel.data).toEqual(Float32Array.of(-1, 0));
  });

  it("takes a function of the path", async () => {
    const optimizer = groups([{ paths: (path) => path === "body.bias", optimizer: sgd() }], sgd({ weightDecay: 1 }));
    const found = await after(optimizer, 1);
    expect(found.body.bias.data).toEqual(Float32Array.of(2));
    expect(found.head.bias.data).toEqual(Float32Array.of(-1, -1));
  });
});

describe("messages", () => {
  it.each([
    [
      "nesterov alone",
      () => sgd({ nesterov: true }),
      "sgd: received nesterov without momentum; add e.g. momentum: 0.9.",
    ],
    ["a wrong option", () => adam({ beta1: 1 }), 'adam: option "beta1" is 1; expected a number in [0, 1).'],
    ["an unknown option", () => adamw({ decay: 1 } as never), 'adamw: received the unknown option "decay".'],
    ["a limit of 0", () => clipByGlobalNorm(0), "clipByGlobalNorm: received the limit 0; it takes a number above 0."],
    [
      "no steps",
      () => accumulate(0, sgd()),
      "accumulate: received 0 steps; it takes a whole number above 0, then the optimizer.",
    ],
    [
      "a chain without an end",
      () => chain(...([clipByValue(1)] as never)),
      "chain: expected gradient transforms followed by one optimizer",
    ],
    [
      "a chain of optimizers",
      () => chain(...([adam(), sgd()] as never)),
      "chain: expected gradient transforms followed by one optimizer",
    ],
  ])("%s", (_, act, message) => {
    expect(act).toThrow(message);
  });

  it("a group that names nothing", async () => {
    await expect(after(groups([{ paths: "tail.**", optimizer: sgd() }], sgd()), 1)).rejects.toThrow(
      'groups: group 0, "tail.**", names no parameter that is left. There are: body.kernel, body.bias, head.bias.',
    );
  });
});
