// What derivatives of loops keep, and how they add up over steps: the same numbers with less of both.
import { describe, expect, it, test } from "vitest";
import type { DType, HostArray } from "../array.ts";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import { add, mul, sigmoid, sub, tanh } from "../ops/elementwise.ts";
import { matmul } from "../ops/linear.ts";
import { sum } from "../ops/reduction.ts";
import { scan } from "../ops/scan.ts";
import { sliceAxis } from "../ops/slicing.ts";
import { optimize } from "../passes/optimize.ts";
import type { NodeOf, Program } from "../program.ts";
import { record } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../transforms/grad.ts";
import { residualsOf } from "./scan-residuals.ts";

const backend = referenceBackend();

function numbers(shape: readonly number[], dtype: DType, seed: number): HostArray {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, (_, i) => Math.sin(seed + 1.7 * i));
  return array(dtype === "f64" ? Float64Array.from(values) : Float32Array.from(values), { shape: [...shape] });
}

type Inputs = { kernel: Tensor; start: Tensor; xs: Tensor };

/** A recurrent network over steps of rows. */
const loss =
  ({ reverse = false, recompute = false } = {}) =>
  ({ kernel, start, xs }: Inputs): Tensor => {
    const [last, all] = scan(
      (h: Tensor, x: Tensor) => {
        const next = tanh(add(x, matmul(h, kernel)));
        return [next, next] as const;
      },
      start,
      xs,
      { reverse, recompute },
    );
    return add(sum(mul(last, last)), sum(mul(all, 0.1)));
  };

const inputsOf = (steps: number, rows: number, size: number, dtype: DType) => ({
  kernel: numbers([size, size], dtype, 1),
  start: numbers([rows, size], dtype, 2),
  xs: numbers([steps, rows, size], dtype, 3),
});

const loopsOf = ({ nodes }: Program): NodeOf<"scan">[] =>
  nodes.filter((node): node is NodeOf<"scan"> => node.primitive === "scan");
const kernelGradients = ({ nodes }: Program): number =>
  nodes.filter((node) => node.primitive === "dot" && node.params.transposeA).length;

describe("the gradient of a kernel that all steps read", () => {
  const program = (rows: number, recompute = false): Program =>
    optimize(record(grad(loss({ recompute })), inputsOf(5, rows, 6, "f32")).program);

  test("is one product after the loop", () => {
    const [, backwards] = loopsOf(program(4));
    expect(kernelGradients(program(4))).toBe(1);
    expect(kernelGradients(backwards!.params.body)).toBe(0);
    // The cotangent of the state alone.
    expect(backwards!.params.carry).toBe(1);
  });

  test("is added up where the loop computes its steps again, so as to keep nothing", () => {
    expect(kernelGradients(program(4, true))).toBe(0);
  });

  test("is added up where writing what it is a product of would be more", () => {
    const of = ({ kernel, start, xs }: Inputs): Tensor =>
      scan((h: Tensor, x: Tensor) => [add(h, sum(mul(x, matmul(tanh(x), kernel)))), []] as const, sum(start), xs)[0];
    const [, backwards] = loopsOf(optimize(record(grad(of), inputsOf(5, 400, 3, "f32")).program));
    expect(kernelGradients(backwards!.params.body)).toBe(1);
  });

  it.each([
    ["f64", 3, false, 1e-13],
    ["f64", 40, true, 1e-12],
    ["f32", 40, false, 1e-5],
    ["f32", 1, true, 1e-5],
  ] as const)("is that of a sum over steps: %s, %i steps, reverse: %s", async (dtype, steps, reverse, tolerance) => {
    const values = inputsOf(steps, 4, 6, dtype);
    const [product, added] = await Promise.all(
      [false, true].map((recompute) => run(backend, grad(loss({ reverse, recompute })), values)),
    );
    for (const name of ["kernel", "start", "xs"] as const) {
      const scale = Math.max(...added![name].data.map(Math.abs));
      for (const [i, value] of added![name].data.entries()) {
        expect(Math.abs(product![name].data[i]! - value)).toBeLessThan(tolerance * scale);
      }
    }
  });

  test("has a gradient of its own", async () => {
    const squared = (recompute: boolean) => (inputs: Inputs) => {
      const { kernel } = grad(loss({ recompute }))(inputs);
      return sum(mul(kernel, kernel));
    };
    const values = inputsOf(4, 4, 6, "f64");
    const [product, added] = await Promise.all(
      [false, true].map((recompute) => run(backend, grad(squared(recompute)), values)),
    );
    for (const [i, value] of added!.kernel.data.entries()) expect(product!.kernel.data[i]).toBeCloseTo(value, 9);
  });
});

describe("what a loop keeps", () => {
  /** The gates of an LSTM without products. */
  const gates = ({ start, xs }: Omit<Inputs, "kernel">): Tensor => {
    const gate = (x: Tensor, index: number): Tensor => sliceAxis(x, 1, 3 * index, 3 * index + 3);
    const [last] = scan(
      (cell: Tensor, x: Tensor) => {
        const [input, forget, output] = [0, 1, 2].map((index) => sigmoid(gate(x, index))) as [Tensor, Tensor, Tensor];
        const next = add(mul(forget, cell), mul(input, tanh(gate(x, 3))));
        return [mul(output, tanh(next)), []] as const;
      },
      start,
      xs,
    );
    return sum(last);
  };
  const values = { start: numbers([2, 3], "f64", 1), xs: numbers([4, 2, 12], "f64", 2) };

  test("are the functions, of which cheap operations compute the rest again", () => {
    const [primal] = loopsOf(optimize(record(grad(gates), values).program));
    // Three gates, two functions tanh, and the cell before the step.
    expect(primal!.outputs.length - primal!.params.carry).toBe(6);
  });

  test("gives the derivatives of a loop that keeps nothing", async () => {
    const once = ({ start, xs }: Omit<Inputs, "kernel">): Tensor => {
      // Without a loop: a step after the other.
      let cell = start;
      for (let t = 0; t < 4; t++) {
        const x = sliceAxis(xs, 0, t, t + 1);
        const gate = (index: number): Tensor => sum(sliceAxis(x, 2, 3 * index, 3 * index + 3), { axes: 0 });
        const next = add(mul(sigmoid(gate(1)), cell), mul(sigmoid(gate(0)), tanh(gate(3))));
        cell = mul(sigmoid(gate(2)), tanh(next));
      }
      return sum(cell);
    };
    const [kept, plain] = await Promise.all([gates, once].map((fn) => run(backend, grad(fn), values)));
    for (const name of ["start", "xs"] as const) {
      for (const [i, value] of plain![name].data.entries()) expect(kept![name].data[i]).toBeCloseTo(value, 14);
    }
  });

  test("is a slice of the input, or nothing, where that is enough", () => {
    const squares = ({ start, xs }: Omit<Inputs, "kernel">): Tensor =>
      sum(scan((total: Tensor, x: Tensor) => [add(total, mul(sub(x, 1), sub(x, 1))), []] as const, start, xs)[0]);
    const inputs = { start: numbers([2, 3], "f64", 1), xs: numbers([4, 2, 3], "f64", 2) };
    const [primal, backwards] = loopsOf(optimize(record(grad(squares), inputs).program));
    // The loop forwards is needed by nothing: its total is not read.
    expect(backwards).toBeUndefined();
    expect(primal!.params.carry).toBe(1);
    expect(primal!.inputs.some(({ shape }) => shape.length === 3)).toBe(true);
  });

  test("is found behind any number of cheap operations", () => {
    const chain = (x: Tensor): Tensor => {
      let y = tanh(x);
      for (let i = 0; i < 20_000; i++) y = add(y, x);
      return y;
    };
    const { inputs, nodes, outputs } = record(chain, numbers([2], "f64", 1)).program;
    const [first] = nodes[0]!.outputs;
    const { kept, again } = residualsOf([first!, ...outputs], nodes, new Set(inputs));
    expect(kept).toEqual(new Set([first]));
    expect(kept.has(first!)).toBe(true);
    expect(again).toHaveLength(20_000);
  });
});
