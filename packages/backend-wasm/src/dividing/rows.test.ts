// Loops in blocks of rows: the same bits as all rows at a time, on any number of threads; and which loops have them.
import {
  add,
  broadcastTo,
  concat,
  grad,
  matmul,
  max,
  mul,
  type Program,
  pad,
  reshape,
  reverse,
  scan,
  sigmoid,
  sliceAxis,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
} from "@hooke/runtime";
import { describe, expect, it, test } from "vitest";
import { WasmBackend } from "../backend.ts";
import { digestOf, results } from "../threads/large.fixture.ts";
import { type Fn, programOf, type Shapes } from "./program.fixture.ts";
import { blocksOf } from "./rows.ts";

/** In how many blocks each loop of a program is computed. */
const countsOf = (program: Program, fineness = 1): (number | undefined)[] =>
  program.nodes.flatMap((node) => (node.primitive === "scan" ? [blocksOf(node, fineness)?.count] : []));

const gate = (x: Tensor, i: number, width = 40): Tensor => sliceAxis(x, 1, width * i, width * (i + 1));

/** A recurrent cell with two gates, over `[steps, rows, 2 * width]`. */
const cell =
  (w: Tensor, width = 40, options = {}) =>
  (start: Tensor, x: Tensor) =>
    scan(
      (h: Tensor, rows: Tensor) => {
        const both = add(matmul(h, w), rows);
        const next = add(mul(sigmoid(gate(both, 0, width)), h), tanh(gate(both, 1, width)));
        return [next, next] as const;
      },
      start,
      x,
      options,
    );

const shapes = (steps: number, rows: number): Shapes => [
  [40, 80],
  [rows, 40],
  [steps, rows, 80],
];

/** Loops, and how many blocks of 64 rows each has. */
const loops: readonly { readonly name: string; readonly fn: Fn; readonly blocks: readonly number[] }[] = [
  { name: "a recurrent cell", fn: (w, start, x) => cell(w!)(start!, x!), blocks: [4] },
  {
    name: "a recurrent cell backwards, of a slice of its weights",
    fn: (w, start, x) => cell(sliceAxis(concat([w!, w!], 0), 0, 40, 80), 40, { reverse: true })(start!, x!),
    blocks: [4],
  },
  {
    name: "the gradient of a recurrent cell",
    fn: (w, start, x) =>
      grad(([start, x]: readonly Tensor[]) => sum(mul(cell(w!)(start!, x!)[1], 0.3)))([start!, x!]) as never,
    blocks: [4, 4],
  },
  {
    name: "what is read in rows and what is not, views, parts and sums along rows",
    fn: (w, start, x) =>
      scan(
        ([h, other]: readonly Tensor[], [rows, step]: readonly Tensor[]) => {
          const bias = broadcastTo(step!, [64, 40]);
          const mixed = tanh(add(add(matmul(h!, sliceAxis(w!, 1, 0, 40)), bias), start!));
          const turned = reshape(transpose(reshape(gate(rows!, 1), [64, 5, 8]), [0, 2, 1]), [64, 40]);
          const padded = pad(sliceAxis(reverse(turned, 1), 1, 0, 38), [0, 1], [0, 1]);
          const total = add(max(padded, { axes: 1 }), sum(mixed, { axes: 1 }));
          const next = mul(0.5, add(mixed, reshape(total, [64, 1])));
          return [
            [next, sub(other!, h!)],
            [concat([next, padded], 1), h!, total],
          ] as const;
        },
        [start!, start!],
        [x!, sum(x!, { axes: 1 })].map((each, i) => (i === 0 ? each : sliceAxis(each, 1, 0, 40))),
      ).flat() as Tensor[],
    blocks: [4],
  },
];

describe("the same bits as all rows at a time, on one, two and three threads", () => {
  const whole = new WasmBackend({ threads: 1 }, 1e12);
  const backends = [1, 2, 3].map((threads) => new WasmBackend({ threads }));
  const cases = (["f32", "f64"] as const).flatMap((dtype) => loops.map((loop) => ({ ...loop, dtype })));
  test.each(cases)("$name, $dtype", async ({ fn, dtype, blocks }) => {
    const program = programOf(fn, dtype, ...shapes(12, 64));
    expect(countsOf(program)).toEqual(blocks);
    const [expected] = await results(whole, program, 1);
    for (const backend of backends) {
      for (const run of await results(backend, program, 3)) expect(digestOf(run)).toBe(digestOf(expected!));
    }
  });
});

describe("all rows are computed at a time", () => {
  const loop = (step: (w: Tensor, h: Tensor, rows: Tensor) => Tensor): Fn => {
    return (w, start, x) =>
      scan((h: Tensor, rows: Tensor) => [step(sliceAxis(w!, 1, 0, 40), h, gate(rows, 0)), []] as const, start!, x!)[0];
  };
  it.each<[string, Fn, Shapes]>([
    ["where they are few", (w, start, x) => cell(w!)(start!, x!), shapes(200, 31)],
    ["where their number has no even divisor", (w, start, x) => cell(w!)(start!, x!), shapes(20, 65)],
    ["where there is little to do", (w, start, x) => cell(w!)(start!, x!), shapes(2, 32)],
    ["in a single step", (w, start, x) => cell(w!)(start!, x!), shapes(1, 512)],
    [
      "where they share much",
      (w, start, x) => cell(w!, 400)(start!, x!),
      [
        [400, 800],
        [64, 400],
        [20, 64, 800],
      ],
    ],
    ["where each is computed of all", loop((w, h, x) => add(tanh(matmul(h, w)), mul(x, sum(h)))), shapes(20, 64)],
    [
      "where products mix them",
      loop((w, h, x) => add(matmul(matmul(x, transpose(x)), h), matmul(h, w))),
      shapes(20, 64),
    ],
    [
      "where weights are added up",
      loop((w, h, x) => add(h, matmul(transpose(matmul(x, w)), x))),
      [
        [40, 80],
        [40, 40],
        [20, 40, 80],
      ],
    ],
    [
      "where something of other rows is passed on as it is",
      (w, start, x) =>
        scan(
          ([h, kept, other]: readonly Tensor[], rows: Tensor) =>
            [[add(tanh(matmul(h!, sliceAxis(w!, 1, 0, 40))), gate(rows, 0)), other!, kept!], []] as const,
          [start!, sum(w!), sum(start!)],
          x!,
        )[0],
      shapes(20, 64),
    ],
    ["where they are turned round", loop((w, h, x) => reverse(add(matmul(h, w), x), 0)), shapes(20, 64)],
  ])("%s", (_, fn, of) => expect(countsOf(programOf(fn, "f32", ...of))).toEqual([undefined]));

  it("on request", () =>
    expect(countsOf(programOf(loops[0]!.fn, "f32", ...shapes(20, 64)), 1e12)).toEqual([undefined]));
});
