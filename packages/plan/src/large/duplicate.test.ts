// Which arrays are computed again, and that programs stay what they are.
import {
  add,
  array,
  interpret,
  lessEqual,
  matmul,
  maximum,
  mean,
  mul,
  optimize,
  type Program,
  record,
  select,
  sin,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
  verify,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { duplicateCheap } from "./duplicate.ts";

const f32 = (...shape: number[]) => ({ shape, dtype: "f32" }) as const;
const [rows, columns] = [512, 64];
const duplicate = (program: Program): Program => duplicateCheap(program, 4 * rows * columns);
const large = f32(rows, columns);
const programOf = (fn: (...inputs: never[]) => unknown, ...inputs: unknown[]): Program =>
  optimize(record(fn as (...inputs: unknown[]) => unknown, ...inputs).program);
const counts = ({ nodes }: Program): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const { primitive } of nodes) found[primitive] = (found[primitive] ?? 0) + 1;
  return found;
};

/** Normalised columns: less the mean, over the deviation. */
const normalized = (x: Tensor, bias: Tensor): Tensor => {
  const shifted = add(x, bias);
  const centered = sub(shifted, mean(shifted, { axes: 0 }));
  return maximum(mul(centered, mean(square(centered), { axes: 0 })), 0);
};

describe("is computed again", () => {
  it("a shifted array in each loop and reduction that reads it, with the operations before it, to the same bits", () => {
    const program = programOf(normalized, large, f32(columns));
    const again = duplicate(program);
    expect([counts(program).add, counts(program).sub]).toEqual([1, 1]);
    // The mean, the mean of squares, the result.
    expect([counts(again).add, counts(again).sub]).toEqual([3, 2]);
    verify(again);
    const x = array(
      Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i)),
      { shape: [rows, columns] },
    );
    const bias = array(Float32Array.from({ length: columns }, (_, i) => i / 7));
    expect(interpret(again, [x, bias])).toEqual(interpret(program, [x, bias]));
  });

  it("what a mask lets through", () => {
    const masked = (x: Tensor, y: Tensor): Tensor[] => {
      const kept = select(lessEqual(x, 0), y, 0);
      return [sum(kept, { axes: 0 }), sum(mul(kept, 2), { axes: 1 })];
    };
    // A mask takes a quarter of the bytes; how it is computed is not cheap, as it reads four times its own.
    const found = counts(duplicate(programOf(masked, large, large)));
    expect([found.select, found.lessEqual]).toEqual([2, 1]);
  });

  it("once for all that one loop computes", () => {
    const two = (x: Tensor): Tensor[] => {
      const shifted = add(x, 1);
      return [sum(shifted, { axes: 0 }), maximum(mul(shifted, shifted), mul(shifted, 3))];
    };
    expect(counts(duplicate(programOf(two, large))).add).toBe(2);
  });
});

describe("stays where it is", () => {
  it.each<readonly [name: string, program: Program]>([
    ["a small array", programOf(normalized, f32(rows / 2, columns), f32(columns))],
    ["what one loop reads", programOf((x: Tensor) => square(add(x, 1)), large)],
    ["an output", programOf((x: Tensor) => [add(x, 1), sum(add(x, 1), { axes: 0 })], large)],
    [
      "what is read in other places",
      programOf((x: Tensor) => {
        const shifted = add(x, 1);
        return [sum(shifted, { axes: 0 }), sum(mul(transpose(shifted), 2), { axes: 1 })];
      }, large),
    ],
    [
      "an operand of a product",
      programOf(
        (x: Tensor, w: Tensor) => {
          const shifted = add(x, 1);
          return [sum(shifted, { axes: 0 }), matmul(shifted, w)];
        },
        large,
        f32(columns, 3),
      ),
    ],
    [
      "what follows from two arrays",
      programOf(
        (x: Tensor, y: Tensor) => {
          const both = add(x, y);
          return [sum(both, { axes: 0 }), sum(square(both), { axes: 0 })];
        },
        large,
        large,
      ),
    ],
    [
      "a function that takes many operations",
      programOf((x: Tensor) => {
        const wave = sin(x);
        return [sum(wave, { axes: 0 }), sum(square(wave), { axes: 0 })];
      }, large),
    ],
  ])("%s", (_name, program) => {
    expect(duplicate(program)).toBe(program);
  });

  it("the beginning of a long chain", () => {
    const chain = (x: Tensor): Tensor[] => {
      let value = x;
      for (let i = 0; i < 100; i++) value = maximum(mul(value, 1.5), i);
      return [sum(value, { axes: 0 }), sum(square(value), { axes: 0 })];
    };
    const program = programOf(chain, large);
    const again = duplicate(program);
    expect(again.nodes.length - program.nodes.length).toBeLessThan(5);
    verify(again);
  });
});
