import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { allocate, isHostArray, scalarOf, stored, stridesOf } from "./array.ts";
import { checkHostArray } from "./check-array.ts";
import { array, zeros } from "./make-array.ts";

function ring(): unknown[] {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

describe("array", () => {
  it("refuses whole numbers that f32 would change, unless they are measurements or f32 is asked for", () => {
    const refused = 'array: received 1700000060 at values[1], which f32 cannot hold; use { dtype: "f64" }.';
    expect(() => array([1, 1700000060])).toThrow(refused);
    expect(() => array(16777217)).toThrow("which f32 cannot hold");
    expect(array([1700000060], { dtype: "f32" }).data[0]).toBe(1700000000);
    expect(array([1700000060], { dtype: "i32" }).data[0]).toBe(1700000060);
    // 210 GPa in Pa, powers of two, and numbers that no float takes for counts.
    expect(array([2.1e11, 2 ** 40, 3e30, 0.1]).data).toEqual(Float32Array.of(2.1e11, 2 ** 40, 3e30, 0.1));
  });

  it("reads shape and dtype off what it gets", () => {
    expect(
      array([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ).toEqual({ shape: [3, 2], dtype: "f32", data: Float32Array.of(1, 2, 3, 4, 5, 6) });
    expect(array(3)).toEqual({ shape: [], dtype: "f32", data: Float32Array.of(3) });
    expect(array([true, false])).toEqual({ shape: [2], dtype: "bool", data: Uint8Array.of(1, 0) });
    expect(array(Int32Array.of(1, 2), { shape: [2, 1] })).toEqual({
      shape: [2, 1],
      dtype: "i32",
      data: Int32Array.of(1, 2),
    });
    expect(array(Uint8Array.of(7, 255), { dtype: "f32" }).data).toEqual(Float32Array.of(7, 255));
    expect(array([true, false], { dtype: "f64" }).data).toEqual(Float64Array.of(1, 0));
    expect(array([4294967295, -0], { dtype: "u32" }).data).toEqual(Uint32Array.of(4294967295, 0));
    expect(array([Infinity, Number.NaN]).data).toEqual(Float32Array.of(Infinity, Number.NaN));
    expect(array([0, 2, -1], { dtype: "bool" }).data).toEqual(Uint8Array.of(0, 1, 1));
    expect(array([]).shape).toEqual([0]);
    expect(array([[], []]).shape).toEqual([2, 0]);
  });

  it.each([
    [() => array([[1, 2], [3]]), "ragged nesting: expected length 2 at depth 1, received 1"],
    [() => array([1, [2]]), "ragged nesting"],
    [() => array([[1], 2]), "found a number at depth 1"],
    [() => array([1, 2, 3], { shape: [2, 2] }), "received 3 values for shape [2, 2], which holds 4"],
    [() => array(new Int16Array(2) as never), "received a Int16Array; use Float32Array"],
    [() => array(Uint8Array.of(7)), "received bytes other than 0 and 1 for bool; for numbers give a dtype"],
    [() => scalarOf(array([1, 2])), "scalarOf: received f32[2]; it takes an array with one element"],
    [
      () =>
        array([
          [1, null],
          [2, 3],
        ] as never),
      "array: received null at values[0][1]; it takes numbers or booleans",
    ],
    [
      () =>
        array([
          ["1", ""],
          ["2", "3"],
        ] as never),
      'received "1" at values[0][0]; it takes numbers or booleans',
    ],
    [() => array(null as never), "received null at values; it takes"],
    [() => array(undefined as never), "received undefined at values; it takes"],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested.
    [() => array([1, , 3] as never), "received undefined at values[1]; it takes"],
    [() => array([1n] as never), "received 1 at values[0]; it takes"],
    [() => array([3e9], { dtype: "i32" }), "received 3000000000 at values[0], which i32 cannot hold"],
    [() => array([1, 1.5], { dtype: "i32" }), "received 1.5 at values[1], which i32 cannot hold"],
    [() => array([Number.NaN], { dtype: "i32" }), "received NaN at values[0], which i32 cannot hold"],
    [() => array([-1], { dtype: "u32" }), "received -1 at values[0], which u32 cannot hold"],
    [() => array([2 ** 32], { dtype: "u32" }), "which u32 cannot hold"],
    [() => array([Number.NaN], { dtype: "bool" }), "which bool cannot hold"],
    [() => array([1, 1e300]), 'received 1e+300 at values[1], which f32 cannot hold; use { dtype: "f64" }'],
    [() => array(Float64Array.of(1e300), { dtype: "f32" }), "which f32 cannot hold"],
    [() => array(Float64Array.of(0.5), { dtype: "i32" }), "received 0.5 at values[0], which i32 cannot hold"],
    [() => array([true, 2, 0.5] as never), "received 2 at values[1] beside values of another kind"],
    [() => array([[2], [true]] as never, { dtype: "f32" }), "received true at values[1][0] beside values of another"],
    [() => array([1, 2], { shape: [0.5, 4] }), "received the shape [0.5, 4]; dimensions are whole and not negative"],
    [() => array([1, 2], { shape: [-1, -2] }), "dimensions are whole"],
    [() => array([1], { dtype: "f16" as never }), "received the dtype f16; dtypes are f32, f64, i32, u32, bool"],
    [() => array(ring() as never), "lists nested deeper than 64"],
    [() => zeros([2.5]), "zeros: received the shape [2.5]"],
    [() => zeros([Number.NaN]), "zeros: received the shape [NaN]"],
    [() => zeros([2], "float32" as never), "zeros: received the dtype float32"],
    [() => zeros([2 ** 40]), "array: cannot allocate 1099511627776 elements of f32"],
  ])("refuses what does not fit (%#)", (make, message) => {
    expect(make).toThrow(message);
  });
});

it("small helpers", () => {
  expect(zeros([2, 2], "i32").data).toEqual(new Int32Array(4));
  expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
  expect(scalarOf(array(3))).toBe(3);
  expect(allocate("bool", 2)).toEqual(new Uint8Array(2));
  expect([array(1), { shape: [], dtype: "f32" }, null, 3].map(isHostArray)).toEqual([true, false, false, false]);
});

describe("checkHostArray", () => {
  const right = { shape: [3], dtype: "f32", data: new Float32Array(3) };
  it.each([
    [{ ...right, dtype: "f16" }, "who: received the dtype f16"],
    [{ ...right, dtype: "toString" }, "who: received the dtype toString"],
    [{ ...right, shape: [1.5, 2] }, "who: received the shape [1.5, 2]"],
    [{ ...right, shape: [-3, -1] }, "dimensions are whole and not negative"],
    [{ ...right, shape: [Number.NaN] }, "dimensions are whole and not negative"],
    [{ ...right, shape: 3 }, "who: received number as a shape"],
    [{ ...right, shape: [2] }, "who: received f32[2] with 3 values; its shape holds 2"],
    [{ ...right, dtype: "i32" }, "who: received i32[3] with Float32Array as data; i32 takes a Int32Array"],
    [{ ...right, data: [1, 2, 3] }, "with object as data; f32 takes a Float32Array"],
    [{ shape: [2], dtype: "bool", data: Uint8Array.of(1, 7) }, "the byte 7 at 1; a bool is 0 or 1"],
  ])("refuses what is not what it says (%#)", (value, message) => {
    expect(() => checkHostArray("who", value as never)).toThrow(message);
  });

  it("takes arrays of other realms", () => {
    const data = runInNewContext("Float32Array.of(1, 2)");
    expect(data instanceof Float32Array).toBe(false);
    expect(() => checkHostArray("who", { shape: [2], dtype: "f32", data })).not.toThrow();
    expect(array(data).data[1]).toBe(2);
  });
});

describe("stored", () => {
  const values = [0, -0, 1, 0.1, -1.5, 2, 255, 256, 257, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, 1e39, 1e-46, NaN, -Infinity];
  it.each(["f32", "f64", "i32", "u32", "bool"] as const)("is what an array of %s gives back", (dtype) => {
    for (const value of values) expect(stored(value, dtype)).toBe(allocate(dtype, 1).fill(value)[0]);
  });
});
