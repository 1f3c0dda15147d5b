// Steps of loops side by side: the same bits as one after the other, on any number of threads; and which loops have them.
import {
  add,
  concat,
  cumsum,
  exp,
  grad,
  less,
  matmul,
  maximum,
  mul,
  type Program,
  reshape,
  scan,
  select,
  sliceAxis,
  sort,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
  valueAndGrad,
} from "@hooke/runtime";
import { describe, expect, it, test } from "vitest";
import { WasmBackend } from "../backend.ts";
import { digestOf, results } from "../threads/large.fixture.ts";
import { type Fn, programOf } from "./program.fixture.ts";
import { stepsApart } from "./steps.ts";

/** The scan of a program, as it may be divided. */
function apartOf(program: Program, fineness = 1) {
  const loop = program.nodes.find((node) => node.primitive === "scan")!;
  return stepsApart(loop as never, fineness);
}

const layers = (w: Tensor, x: Tensor): Tensor => tanh(matmul(tanh(matmul(x, w)), w));
const lossOf = (w: Tensor, x: Tensor): Tensor => sum(mul(layers(w, x), x));

/** The loss over blocks of rows and its gradient, added up block after block. */
const blocks: Fn = (w, x, start) =>
  scan(
    (total: Tensor, rows: Tensor) => {
      const [value, gradient] = valueAndGrad((w: Tensor) => lossOf(w, rows))(w!);
      return [add(total, add(gradient, value)), []] as const;
    },
    start!,
    x!,
  )[0];

/** Loops whose steps, 16 at a time, compute side by side, for arrays `[steps, rows, width]` of a dtype. */
const loops: readonly { readonly name: string; readonly fn: Fn; readonly shapes: (steps: number) => number[][] }[] = [
  {
    name: "gradients added up",
    fn: blocks,
    shapes: (steps) => [
      [40, 40],
      [steps, 61, 40],
      [40, 40],
    ],
  },
  {
    name: "slices alone, backwards",
    fn: (w, x) =>
      scan((_: readonly Tensor[], rows: Tensor) => [[], layers(w!, rows)] as const, [], x!, { reverse: true })[1],
    shapes: (steps) => [
      [40, 40],
      [steps, 61, 40],
    ],
  },
  {
    name: "slices, and extrema and means that go on from step to step, of views",
    fn: (w, x, start) => {
      const [ends, slices] = scan(
        ([most, mean]: readonly Tensor[], [rows, other]: readonly Tensor[]) => {
          const y = layers(transpose(sliceAxis(w!, 1, 3, 43)), add(rows!, transpose(other!)));
          const next = add(mul(mean!, 0.9), mul(rows!, 0.1));
          return [
            [maximum(most!, y), next],
            [y, sum(y, { axes: 0 }), rows!],
          ] as const;
        },
        [start!, start!],
        [x!, transpose(x!, [0, 2, 1])],
      );
      return [...ends, ...slices];
    },
    shapes: (steps) => [
      [40, 46],
      [steps, 40, 40],
      [40, 40],
    ],
  },
  {
    name: "loops, orders and running sums within, and the derivative in what all steps read",
    fn: (w, x) =>
      grad((w: Tensor) =>
        sum(
          scan(
            (total: Tensor, rows: Tensor) => {
              const [deep] = scan((h: Tensor) => [tanh(matmul(h, w)), h] as const, rows, [], { length: 3 });
              const ordered = sort(reshape(cumsum(deep, 0), [-1]));
              return [add(total, sum(mul(ordered, exp(sub(0, ordered))))), select(less(rows, 0), rows, deep)] as const;
            },
            sum(x!),
            x!,
          )[0],
        ),
      )(w!),
    shapes: (steps) => [
      [40, 40],
      [steps, 61, 40],
    ],
  },
];

describe("the same bits as one step after the other, on one, two and three threads", () => {
  const inOrder = new WasmBackend({ threads: 1 }, 1e12);
  const backends = [1, 2, 3].map((threads) => new WasmBackend({ threads }));
  const cases = (
    [
      ["f32", 35],
      ["f64", 8],
    ] as const
  ).flatMap(([dtype, steps]) => loops.map((loop) => ({ ...loop, dtype, steps })));
  test.each(cases)("$name, $steps steps of $dtype", async ({ fn, dtype, steps, shapes }) => {
    const program = programOf(fn, dtype, ...shapes(steps));
    expect(apartOf(program)?.steps).toBe(Math.min(16, steps));
    const [expected] = await results(inOrder, program, 1);
    for (const backend of backends) {
      for (const run of await results(backend, program, 3)) expect(digestOf(run)).toBe(digestOf(expected!));
    }
  });
});

describe("steps come one after the other", () => {
  const rows = [16, 37, 24];
  it.each<[string, Fn, readonly (readonly number[])[]]>([
    [
      "where they are few",
      blocks,
      [
        [24, 24],
        [7, 37, 24],
        [24, 24],
      ],
    ],
    [
      "where they are small",
      blocks,
      [
        [8, 8],
        [16, 8, 8],
        [8, 8],
      ],
    ],
    [
      "where they compute with what is carried",
      (w, x, start) => scan((h: Tensor, rows: Tensor) => [tanh(add(matmul(h, w!), rows)), []] as const, start!, x!)[0],
      [[24, 24], rows, [37, 24]],
    ],
    [
      "where slices do",
      (w, x, start) => scan((h: Tensor, rows: Tensor) => [add(h, layers(w!, rows)), mul(h, 2)] as const, start!, x!)[1],
      [[24, 24], rows, [37, 24]],
    ],
    [
      "where most of the work is what is carried",
      (_, x, start) => scan((h: Tensor, rows: Tensor) => [tanh(add(h, exp(rows))), []] as const, start!, x!)[0],
      [[1], [16, 100, 100], [100, 100]],
    ],
    [
      "where each would need much memory",
      (w, x) =>
        scan(
          (_: readonly Tensor[], rows: Tensor) => [[], sum(exp(concat([rows, layers(w!, rows)], 1)))] as const,
          [],
          x!,
        )[1],
      [
        [24, 24],
        [8, 300_000, 24],
      ],
    ],
    [
      "where much is passed on",
      (w, x, start) => scan((h: Tensor, rows: Tensor) => [add(h, matmul(tanh(rows), w!)), []] as const, start!, x!)[0],
      [
        [600, 2000],
        [8, 600, 600],
        [600, 2000],
      ],
    ],
  ])("%s", (_, fn, shapes) => expect(apartOf(programOf(fn, "f32", ...shapes))).toBeUndefined());

  it("on request", () => expect(apartOf(programOf(blocks, "f32", [24, 24], rows, [24, 24]), 1e12)).toBeUndefined());
});

test("what a step reads from nothing is not passed on", () => {
  const decayed: Fn = (w, x, start) =>
    scan((h: Tensor, rows: Tensor) => [add(mul(h, 0.5), layers(w!, rows)), []] as const, start!, x!)[0];
  const apart = apartOf(programOf(decayed, "f64", [24, 24], [20, 37, 24], [37, 24]))!;
  expect(apart.passed).toEqual([{ shape: [16, 37, 24], dtype: "f64" }]);
  expect(apart.rest.nodes.map(({ primitive }) => primitive).sort()).toEqual(["add", "full", "mul"]);
});
