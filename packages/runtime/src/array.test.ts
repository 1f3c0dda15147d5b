import { describe, expect, it } from "vitest";
import { allocate, isHostArray, scalarOf, stridesOf, zeros } from "./array.ts";
import { array } from "./make-array.ts";

describe("array", () => {
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
