// Chains in blocks of rows: the same bits as kernel by kernel, on any number of threads; and which programs have them.
import {
  type Aval,
  add,
  concat,
  type DType,
  grad,
  matmul,
  mean,
  mul,
  optimize,
  type Program,
  record,
  sub,
  sum,
  type Tensor,
  tanh,
} from "@hooke/runtime";
import { describe, expect, it, test } from "vitest";
import { WasmBackend } from "../backend.ts";
import { digestOf, results } from "../threads/large.fixture.ts";
import { blocksOfChain, withChain } from "./chains.ts";

type Fn = (...inputs: Tensor[]) => Tensor | readonly Tensor[];
type Shapes = readonly (readonly number[])[];

function programOf(fn: Fn, dtype: DType, ...shapes: Shapes): Program {
  const avals = shapes.map((shape): Aval => ({ shape, dtype }));
  return optimize(record(fn as never, ...(avals as never[])).program);
}

/** In how many blocks the chain of a program is computed. */
const countOf = (program: Program, fineness = 1): number | undefined => {
  const [loop] = withChain(program, fineness).nodes.flatMap((node) => (node.primitive === "scan" ? [node] : []));
  return loop && blocksOfChain(loop)?.count;
};

const layers = (count: number, w: Tensor, bias: Tensor, x: Tensor, between = (y: Tensor): Tensor => y): Tensor =>
  Array.from({ length: count }).reduce<Tensor>((y) => between(tanh(add(matmul(y, w), bias))), x);

/** What a network makes of points, and how that depends on them. */
const there: Fn = (w, bias, x) => {
  const loss = (x: Tensor): Tensor => sum(mul(layers(9, w!, bias!, concat([x, mul(x, 0.5)], 1)), 0.1));
  return [layers(9, w!, bias!, concat([x!, mul(x!, 0.5)], 1)), grad(loss)(x!)];
};
/** How a sum over points depends on all that it is made of. */
const back: Fn = (w, bias, x) =>
  grad(([w, bias, x]: readonly Tensor[]) => sum(mul(layers(9, w!, bias!, x!), 0.1)))([w!, bias!, x!]) as never;

const shapes = (rows: number, width: number): Shapes => [[40, 40], [40], [rows, width]];

describe("the same bits", () => {
  const whole = new WasmBackend({ threads: 1 }, 1e12);
  const backends = [1, 2, 3].map((threads) => new WasmBackend({ threads }));
  const digests = (program: Program): Promise<string[][]> =>
    Promise.all(backends.map(async (backend) => (await results(backend, program, 2)).map(digestOf)));

  test.each(["f32", "f64"] as const)("of rows as kernel by kernel, %s", async (dtype) => {
    const program = programOf(there, dtype, ...shapes(500, 20));
    expect(countOf(program)).toBe(4);
    const [expected] = await results(whole, program, 1);
    expect(new Set((await digests(program)).flat())).toEqual(new Set([digestOf(expected!)]));
  });

  test.each(["f32", "f64"] as const)("of sums over rows on any number of threads, %s", async (dtype) => {
    const program = programOf(back, dtype, ...shapes(500, 40));
    expect(countOf(program)).toBe(4);
    expect(new Set((await digests(program)).flat()).size).toBe(1);
  });
});

describe("kernel by kernel", () => {
  const centred: Fn = (w, bias, x) => layers(20, w!, bias!, x!, (y) => sub(y, mean(y, { axes: 0 })));
  const deep =
    (count: number): Fn =>
    (w, bias, x) =>
      layers(count, w!, bias!, x!);
  it.each<[string, Fn, Shapes]>([
    ["where products are few", deep(15), shapes(1000, 40)],
    ["where there is little to do", deep(20), shapes(40, 40)],
    ["where the rows have no even number", deep(20), shapes(1001, 40)],
    ["where rows depend on each other between two products", centred, shapes(1000, 40)],
    ["where much is passed on", back, shapes(8000, 40)],
    ["where weights are many", deep(20), [[400, 400], [400], [100, 400]]],
  ])("%s", (_, fn, of) => expect(countOf(programOf(fn, "f32", ...of))).toBeUndefined());

  it("on request", () => expect(countOf(programOf(there, "f32", ...shapes(500, 20)), 1e12)).toBeUndefined());
});
