import { expect, it } from "vitest";
import { array } from "./make-array.ts";
import { treeLeaves, treeLeavesLike, treeMap, treeUnflatten } from "./tree.ts";

const tree = { layers: [{ kernel: 1, bias: 2 }, { kernel: 3 }], step: 4, none: [] };

it("lists leaves with dotted paths, and rebuilds", () => {
  expect(treeLeaves<number>(tree)).toEqual([
    { path: "layers.0.kernel", value: 1 },
    { path: "layers.0.bias", value: 2 },
    { path: "layers.1.kernel", value: 3 },
    { path: "step", value: 4 },
  ]);
  expect(treeLeaves(7)).toEqual([{ path: "", value: 7 }]);
  expect(treeUnflatten(tree, ["a", "b", "c", "d"])).toEqual({
    layers: [{ kernel: "a", bias: "b" }, { kernel: "c" }],
    step: "d",
    none: [],
  });
  expect(() => treeUnflatten(tree, [1, 2])).toThrow("treeUnflatten: received 2 leaves for a structure of 4");
});

it("takes arrays for leaves", () => {
  const values = array([1, 2]);
  expect(treeLeaves({ x: values })).toEqual([{ path: "x", value: values }]);
});

it("maps several trees by name, whatever the order of their keys", () => {
  const add = (a: number, _: string, b: number): number => a + b;
  expect(treeMap({ a: 1, b: [2] }, add as never, { b: [20], a: 10 })).toEqual({ a: 11, b: [22] });
  expect(treeLeavesLike({ a: 1, b: [2] }, { b: [20], a: 10 })).toEqual([10, 20]);
});

it.each([
  [{ a: 1 }, { b: 1 }, "structures differ at the root: expected [a], received [b]"],
  [{ a: { b: 1 } }, { a: 1 }, 'structures differ at "a": expected a record, received a leaf'],
  [{ a: [1, 2] }, { a: [1] }, 'structures differ at "a": expected [0, 1], received [0]'],
  [{ a: [1] }, { a: { 0: 1 } }, 'structures differ at "a": expected an array, received a record'],
  [{ a: [1] }, {}, "expected [a], received []"],
  [{ a: 1 }, { a: [1] }, 'structures differ at "a": expected a leaf, received an array'],
])("%j against %j", (expected, received, message) => {
  expect(() => treeLeavesLike(expected, received)).toThrow(message);
});
