// Trees may be read from files: names that objects inherit are names like any other.
import { describe, expect, it } from "vitest";
import { array } from "./make-array.ts";
import { treeLeaves, treeLeavesLike, treeMap } from "./tree.ts";

const inherited = ["constructor", "toString", "hasOwnProperty", "valueOf", "__proto__", "__defineGetter__"];

describe("names that objects inherit", () => {
  it.each(inherited)("%s is an entry of its own", (name) => {
    const tree = JSON.parse(`{"${name}":{"inner":1}}`);
    const doubled = treeMap(tree, (leaf: number) => leaf * 2);
    expect(Object.keys(doubled)).toEqual([name]);
    expect(Object.getPrototypeOf(doubled)).toBe(Object.prototype);
    expect(JSON.stringify(doubled)).toBe(`{"${name}":{"inner":2}}`);
    expect(treeLeaves(doubled)).toEqual([{ path: `${name}.inner`, value: 2 }]);
  });

  it.each(inherited)("%s is missing where it is only inherited", (name) => {
    expect(() => treeLeavesLike(JSON.parse(`{"${name}":1}`), { other: 1 })).toThrow(
      `tree: structures differ at the root: expected [${name}], received [other].`,
    );
  });
});

it("a record with children called shape and dtype is no leaf", () => {
  const tree = { shape: array([1]), dtype: array([2]) };
  expect(treeLeaves(tree).map(({ path }) => path)).toEqual(["shape", "dtype"]);
});
