// The reference against values known by definition: the corners where implementations differ.
import { describe, expect, it } from "vitest";
import type { DType, HostArray } from "../array.ts";
import { array } from "../make-array.ts";
import { add } from "../ops/elementwise.ts";
import { record } from "../record.ts";
import { errorFunction } from "./erf.ts";
import type { PrimitiveName } from "./params.ts";
import { evaluate } from "./table.ts";

const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;
const low = -2147483648;
const high = 2147483647;
const top = 4294967295;

const list = (dtype: DType, ...values: number[]): HostArray => array(values, { dtype });

const cases: [PrimitiveName, HostArray[], object, number[]][] = [
  ["div", [list("i32", 7, -7, 7, low, 5), list("i32", 2, 2, -2, -1, 0)], {}, [3, -3, -3, low, 0]],
  ["rem", [list("i32", 7, -7, 7, 5), list("i32", 4, 4, -4, 0)], {}, [3, -3, 3, 0]],
  ["rem", [list("f64", 5.5, -5.5, 1, 3), list("f64", 2, 2, 0, inf)], {}, [1.5, -1.5, nan, 3]],
  ["add", [list("i32", high), list("i32", 1)], {}, [low]],
  ["mul", [list("u32", top, 65536), list("u32", top, 65537)], {}, [1, 65536]],
  ["neg", [list("u32", 1)], {}, [top]],
  ["abs", [list("i32", low, -3)], {}, [low, 3]],
  ["sign", [list("f32", -2, 0, -0, 5, nan)], {}, [-1, 0, -0, 1, nan]],
  ["not", [list("bool", 0, 1)], {}, [1, 0]],
  ["not", [list("u32", 0)], {}, [top]],
  ["shiftLeft", [list("i32", 1, 1, 1), list("i32", 31, 32, 33)], {}, [low, 1, 2]],
  ["shiftRight", [list("i32", -8, low), list("i32", 1, 31)], {}, [-4, -1]],
  ["shiftRight", [list("u32", top), list("u32", 28)], {}, [15]],
  ["convert", [list("f64", 2.9, -2.9, nan, 1e20, -inf)], { dtype: "i32" }, [2, -2, 0, high, low]],
  ["convert", [list("f64", 2.9, -2.9, nan, 1e20)], { dtype: "u32" }, [2, 0, 0, top]],
  ["convert", [list("f32", 0, -0, 0.5, nan)], { dtype: "bool" }, [0, 0, 1, 1]],
  ["convert", [list("u32", top)], { dtype: "i32" }, [high]],
  ["maximum", [list("f32", nan, 1, -0), list("f32", 1, nan, 0)], {}, [nan, nan, 0]],
  ["equal", [list("f32", nan, -0), list("f32", nan, 0)], {}, [0, 1]],
  ["less", [list("u32", 1, top), list("u32", top, 1)], {}, [1, 0]],
  ["max", [list("f32", 1, nan, 3)], { axes: [0] }, [nan]],
  ["min", [list("i32", 3, low)], { axes: [0] }, [low]],
  ["sum", [array(new Float32Array(0))], { axes: [0] }, [0]],
  ["sum", [list("f32", 1e8, 1, -1e8)], { axes: [0] }, [1]],
  ["argMax", [list("f32", 1, 5, 5)], { axis: 0 }, [1]],
  ["argMax", [list("f32", 1, nan, 5, nan)], { axis: 0 }, [1]],
  ["sort", [list("f32", 3, nan, -inf, 1)], { axis: 0 }, [-inf, 1, 3, nan]],
  ["argSort", [list("f32", 2, nan, 1, 2)], { axis: 0 }, [2, 0, 3, 1]],
  ["cumsum", [list("i32", 1, 2, 3)], { axis: 0, reverse: true }, [6, 5, 3]],
  ["gather", [list("f32", 1, 2), list("i32", 1, -1, 2, 0)], { axis: 0 }, [2, 0, 0, 1]],
  ["scatterAdd", [list("i32", 1, 1, 2, -1), list("f32", 1, 2, 4, 8)], { axis: 0, size: 2 }, [0, 3]],
  ["pad", [list("f32", 1, 2)], { low: [1], high: [2], interior: [1], value: 9 }, [9, 1, 9, 2, 9, 9]],
  ["slice", [list("f32", 0, 1, 2, 3, 4)], { start: [1], limit: [5], strides: [2] }, [1, 3]],
  ["iota", [], { shape: [2, 2], axis: 1, dtype: "i32" }, [0, 1, 0, 1]],
];

describe("by definition", () => {
  it.each(cases)("%s %#", (primitive, inputs, params, expected) => {
    expect(Array.from(evaluate(primitive, inputs, params as never)[0]!.data)).toEqual(expected);
  });
});

describe("windows", () => {
  const image = array(Float32Array.of(-1, -5, -3, -2), { shape: [1, 4, 1] });
  const params = { window: [2], stride: [2], padding: [[1, 1]] } as const;

  it("padding never wins, and indices count the window's places", () => {
    expect(Array.from(evaluate("maxPool", [image], params)[0]!.data)).toEqual([-1, -3, -2]);
    expect(Array.from(evaluate("maxPoolIndex", [image], params)[0]!.data)).toEqual([1, 1, 0]);
    expect(Array.from(evaluate("sumPool", [image], params)[0]!.data)).toEqual([-1, -8, -2]);
  });

  it("convolution does not flip the kernel", () => {
    const kernel = array(Float32Array.of(1, 10), { shape: [2, 1, 1] });
    const [y] = evaluate("conv", [image, kernel], { stride: [1], dilation: [2], padding: [[0, 1]], groups: 1 });
    expect(Array.from(y!.data)).toEqual([-31, -25, -3]);
  });
});

it("loops step forwards and backwards, outputs staying at their slice", () => {
  const value = { shape: [], dtype: "f32" } as const;
  const { program: body } = record((c, x) => [add(c, x), add(c, x)], value, value);
  const params = { body, length: 3, consts: 0, carry: 1 };
  const inputs = [array(10), array([1, 2, 3])];
  const run = (reverse: boolean) =>
    evaluate("scan", inputs, { ...params, reverse }).map(({ data }) => Array.from(data));
  expect(run(false)).toEqual([[16], [11, 13, 16]]);
  expect(run(true)).toEqual([[16], [16, 15, 13]]);
});

// By mpmath, where the formulas meet and where they are farthest off.
it.each([
  [1e-300, 1.1283791670955126e-300],
  [1e-10, 1.1283791670955126e-10],
  [0.3, 0.3286267594591274],
  [0.5, 0.5204998778130465],
  [0.9037915666666667, 0.7988049707525059],
  [1, 0.8427007929497149],
  [1.0000000000000002, 0.842700792949715],
  [1.73, 0.9855784998281805],
  [1.9266882333333333, 0.9935649540892245],
  [2.5, 0.999593047982555],
  [5.9, 0.9999999999999999],
  [7, 1],
])("erf(%d) to 2 units in the last place", (x, expected) => {
  const unit = 2 ** (Math.floor(Math.log2(expected)) - 52);
  expect(Math.abs(errorFunction(x) - expected)).toBeLessThanOrEqual(2 * unit);
  expect(errorFunction(-x)).toBe(-errorFunction(x));
});
