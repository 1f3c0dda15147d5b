import { describe, expect, it } from "vitest";
import { interpret } from "../interpret.ts";
import { array } from "../make-array.ts";
import {
  add,
  and,
  convert,
  div,
  exp,
  full,
  fullLike,
  greater,
  less,
  mul,
  neg,
  or,
  pow,
  select,
  stopGradient,
  sub,
  tanh,
} from "../ops/elementwise.ts";
import { matmul } from "../ops/linear.ts";
import { pad } from "../ops/padding.ts";
import { fold, uniform } from "../ops/random.ts";
import { sum } from "../ops/reduction.ts";
import { cumsum } from "../ops/running.ts";
import { scan } from "../ops/scan.ts";
import { slice } from "../ops/slicing.ts";
import { broadcastTo, gather, iota, reshape, reverse, transpose } from "../ops/structure.ts";
import { bind } from "../primitives/table.ts";
import { type Program, verify } from "../program.ts";
import { record } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../transforms/grad.ts";
import { lastUses } from "./liveness.ts";
import { optimize } from "./optimize.ts";

const x23 = { shape: [2, 3], dtype: "f32" } as const;

/** The nodes of an optimized function of one `f32[2, 3]`, after checking that it still computes the same. */
function nodesOf(fn: (x: Tensor) => Tensor | readonly Tensor[]): string[] {
  const { program } = record(fn, x23);
  const optimized = verify(optimize(program));
  const input = array([
    [1, -2, 0.5],
    [4, 3, -7],
  ]);
  expect(interpret(optimized, [input])).toEqual(interpret(program, [input]));
  return optimized.nodes.map(({ primitive }) => primitive);
}

const identity: Record<string, (x: Tensor) => Tensor> = {
  "x + 0": (x) => add(x, 0),
  "0 + x": (x) => add(0, x),
  "x - 0": (x) => sub(x, 0),
  "x * 1": (x) => mul(x, 1),
  "1 * x": (x) => mul(1, x),
  "x / 1": (x) => div(x, 1),
  "x^1": (x) => pow(x, 1),
  "--x": (x) => neg(neg(x)),
  stopGradient: (x) => stopGradient(x),
  "a condition known": (x) => select(array(true), x, exp(x)),
  "a condition known to fail": (x) => select(less(full([], 2), 1), exp(x), x),
  "equal branches": (x) => select(less(x, 0), x, x),
  "reshape there and back": (x) => reshape(reshape(x, [6]), [2, 3]),
  "transpose there and back": (x) => transpose(transpose(x)),
  "a whole slice": (x) => slice(x, [0, 0], [2, 3]),
  "an empty pad": (x) => pad(x, [0, 0], [0, 0]),
  "reverse of nothing": (x) => reshape(reverse(reshape(x, [1, 6]), 0), [2, 3]),
  "sum over ones": (x) => reshape(sum(reshape(x, [2, 1, 3]), { axes: 1 }), [2, 3]),
  "broadcast of ones": (x) => reshape(broadcastTo(x, [1, 1, 2, 3]), [2, 3]),
  "convert to its own dtype": (x) => bind("convert", [x], { dtype: "f32" })[0]!,
};

describe("identities that leave nothing", () => {
  it.each(Object.entries(identity))("%s", (_, fn) => expect(nodesOf(fn)).toEqual([]));
});

const rewritten: Record<string, [(x: Tensor) => Tensor | readonly Tensor[], string[]]> = {
  "a + -b is a - b": [(x) => add(x, neg(exp(x))), ["exp", "sub"]],
  "-a + b is b - a": [(x) => add(neg(exp(x)), x), ["exp", "sub"]],
  "a - -b is a + b": [(x) => sub(x, neg(exp(x))), ["exp", "add"]],
  "-1 * x is -x": [(x) => mul(x, -1), ["neg"]],
  "x / 4 is x * 0.25": [(x) => div(x, 4), ["full", "mul"]],
  "x / 3 stays": [(x) => div(x, 3), ["full", "div"]],
  "x^2 is x * x": [(x) => pow(x, 2), ["mul"]],
  "x^3 is x * x * x": [(x) => pow(x, 3), ["mul", "mul"]],
  "x^2.5 stays": [(x) => pow(x, 2.5), ["full", "pow"]],
  "reshapes join": [(x) => reshape(reshape(x, [6]), [3, 2]), ["reshape"]],
  "transposes join": [
    (x) => transpose(transpose(reshape(x, [1, 2, 3]), [1, 2, 0]), [1, 0, 2]),
    ["reshape", "transpose"],
  ],
  "a transpose of ones is a reshape": [(x) => transpose(reshape(x, [1, 6])), ["reshape"]],
  "broadcasts join": [(x) => broadcastTo(broadcastTo(reshape(sum(x), [1]), [3]), [2, 3]), ["sum", "broadcast"]],
  "products take transposes in": [(x) => [matmul(x, transpose(x)), matmul(transpose(x), x)], ["dot", "dot"]],
  "filled arrays stay scalars": [(x) => add(x, transpose(broadcastTo(full([1], 2), [3, 2]))), ["full", "add"]],
  "constants fold": [(x) => mul(x, add(mul(full([], 2), 3), exp(full([], 0)))), ["full", "mul"]],
  "filled arrays fold at any size": [
    (x) => mul(sum(x), sum(mul(full([1000], 2), 3), { axes: 0 })),
    ["sum", "full", "sum", "mul"],
  ],
  "small arrays fold": [(x) => mul(x, convert(iota([3]), "f32")), ["constant", "mul"]],
  "random numbers of a known key fold": [
    (x) => add(x, uniform(array(Uint32Array.of(1, 2)), [2, 3])),
    ["constant", "add"],
  ],
  "common subexpressions": [(x) => [exp(x), add(exp(x), tanh(exp(x)))], ["exp", "tanh", "add"]],
  "a known and": [(x) => select(and(less(x, 0), array(true)), x, exp(x)), ["full", "less", "exp", "select"]],
  "a known or": [(x) => select(or(array(true), less(x, 0)), x, exp(x)), []],
  "dead code": [(x) => [exp(tanh(x)), neg(x)][1]!, ["neg"]],
};

describe("rewriting", () => {
  it.each(Object.entries(rewritten))("%s", (_, [fn, expected]) => expect(nodesOf(fn)).toEqual(expected));

  it("tells apart what differs only in a parameter", () => {
    const { program } = record(
      (x) => [
        pad(x, [1, 0], [0, 0], 0),
        pad(x, [1, 0], [0, 0], -0),
        pad(x, [1, 0], [0, 0], Number.NaN),
        pad(x, [1, 0], [0, 0], Infinity),
      ],
      x23,
    );
    expect(optimize(program).nodes).toHaveLength(4);
  });

  it("knows what dtypes make of a number", () => {
    const program = (dtype: "i32" | "u32"): Program =>
      record((x) => convert(add(x, full([], 1, dtype)), "f32"), { shape: [1], dtype }).program;
    for (const dtype of ["i32", "u32"] as const) {
      const input = array(dtype === "i32" ? Int32Array.of(2147483647) : Uint32Array.of(4294967295));
      expect(interpret(optimize(program(dtype)), [input])).toEqual(interpret(program(dtype), [input]));
    }
    // 0.1 in f32 is not 0.1 in f64.
    const tenth = record(() => convert(full([], 0.1), "f64")).program;
    expect(interpret(optimize(tenth), [])[0]!.data[0]).toBe(Math.fround(0.1));
    const minus = record(() => convert(sub(full([], 0, "u32"), full([], 1, "u32")), "f64")).program;
    expect(interpret(optimize(minus), [])[0]!.data[0]).toBe(4294967295);
  });

  it("keeps inputs that nothing reads", () => {
    const { program } = record((_: Tensor, y: Tensor) => neg(y), x23, x23);
    expect(optimize(program).inputs).toHaveLength(2);
  });

  it("leaves a gradient nothing that its program does not need", () => {
    const { program } = record((x) => grad((z: Tensor) => sum(pow(z, 3)))(x), { shape: [1000], dtype: "f32" });
    expect(String(optimize(program))).toMatchInlineSnapshot(`
      "(%0: f32[1000]) {
        %1: f32[1000] = mul %0 %0
        %2: f32[1000] = full {value: 3, shape: [1000], dtype: f32}
        %3: f32[1000] = mul %1 %2
        return %3
      }"
    `);
  });
});

describe("loops", () => {
  const sequence = { shape: [5, 3], dtype: "f32" } as const;
  const optimized = (fn: (x: Tensor, y: Tensor) => Tensor) => {
    const { program } = record(fn, sequence, sequence);
    const inputs = [
      array(
        Float32Array.from({ length: 15 }, (_, i) => i / 10),
        { shape: [5, 3] },
      ),
      array(new Float32Array(15).fill(2), { shape: [5, 3] }),
    ];
    const result = verify(optimize(program));
    expect(interpret(result, inputs)).toEqual(interpret(program, inputs));
    return result;
  };

  it("lose outputs that nobody reads, and the inputs and constants only these need", () => {
    const program = optimized((x, y) => {
      const constant = tanh(slice(x, [0, 0], [1, 3]));
      const [, [kept]] = scan(
        (c: Tensor, [a, b]: readonly Tensor[]) => [add(c, a!), [mul(c, a!), mul(b!, reshape(constant, [3]))]] as const,
        full([3], 0),
        [x, y] as readonly Tensor[],
      );
      return kept!;
    });
    expect(String(program)).toMatchInlineSnapshot(`
      "(%0: f32[5, 3], %1: f32[5, 3]) {
        %2: f32[3] = full {value: 0, shape: [3], dtype: f32}
        %3: f32[3], %4: f32[5, 3] = scan %2 %0 {body: (%0: f32[3], %1: f32[3]) {
          %2: f32[3] = add %0 %1
          %3: f32[3] = mul %0 %1
          return %2, %3
        }, length: 5, consts: 0, carry: 1, reverse: false}
        return %4
      }"
    `);
  });

  it("lose carries that only feed themselves, and keep those that others need", () => {
    const program = optimized((x) => {
      const step = ([a, b, c]: readonly Tensor[], row: Tensor) =>
        [[add(a!, b!), mul(b!, 0.5), add(c!, row)], []] as const;
      return scan(step, [full([3], 0), full([3], 1), full([3], 2)] as readonly Tensor[], x)[0][0]!;
    });
    const loop = program.nodes.find((node) => node.primitive === "scan")!;
    expect(loop.params.carry).toBe(2);
    expect(loop.inputs).toHaveLength(2);
  });

  it("go when nothing of them is read", () => {
    const program = optimized((x) => {
      scan((c: Tensor, a: Tensor) => [add(c, a), c] as const, full([3], 0), x);
      return x;
    });
    expect(program.nodes).toEqual([]);
  });

  it("are optimized inside", () => {
    const program = optimized(
      (x) => scan((c: Tensor, a: Tensor) => [add(mul(c, 1), mul(a, 0.5)), []] as const, full([3], 0), x)[0] as Tensor,
    );
    const loop = program.nodes.find((node) => node.primitive === "scan")!;
    expect(loop.params.body.nodes.map(({ primitive }) => primitive)).toEqual(["full", "mul", "add"]);
  });
});

it("liveness", () => {
  const { program } = record(
    (x, y) => {
      const a = add(x, y);
      return [exp(a), mul(a, x)];
    },
    x23,
    x23,
  );
  const last = lastUses(program);
  const [x, y] = program.inputs;
  const [sumNode, expNode, mulNode] = program.nodes;
  expect(
    [x, y, sumNode!.outputs[0], expNode!.outputs[0], mulNode!.outputs[0]].map((value) => last.get(value!)),
  ).toEqual([2, 0, 2, 3, 3]);
  expect(lastUses(record((z) => [z, neg(z)][0]!, x23).program).size).toBe(1);
});

it("random keys, gathers and comparisons are not confused", () => {
  expect(
    nodesOf((x) => [
      uniform(fold(array(Uint32Array.of(1, 2)), "a"), [2, 300]),
      uniform(fold(array(Uint32Array.of(1, 2)), "b"), [2, 300]),
      gather(x, array([0, 1], { dtype: "i32" })),
      gather(x, array([1, 0], { dtype: "i32" })),
      cumsum(x, 0),
      cumsum(x, 0, { reverse: true }),
      convert(greater(x, fullLike(x, 0)), "f32"),
      convert(less(x, fullLike(x, 0)), "f32"),
    ]).filter((name) => ["randomBits", "gather", "cumsum", "less"].includes(name)),
  ).toEqual(["randomBits", "randomBits", "gather", "gather", "cumsum", "cumsum", "less", "less"]);
});
