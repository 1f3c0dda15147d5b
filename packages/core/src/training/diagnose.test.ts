// Finding the first bad tensor of a program.
import { add, array, exp, log, mul, record, select, softmax, sub, sum, type Tensor, withScope } from "@hooke/runtime";
import { expect, test } from "vitest";
import { describeNode, firstBadTensor, position } from "./diagnose.ts";

function find(fn: (x: Tensor) => Tensor, values: number[]): string | undefined {
  const x = array(values);
  const { program } = record(fn, x);
  const found = firstBadTensor(program, [x], program.outputs[0]!);
  if (found === undefined) return undefined;
  return found.kind === "node" ? describeNode(found) : `input ${found.index} at ${found.element}: ${found.value}`;
}

test("names the node, its scope, its shape and the element", () => {
  const fn = (x: Tensor): Tensor => {
    const e = withScope("features.0", () => exp(x));
    return sum(withScope("features.1", () => sub(e, e)));
  };
  expect(find(fn, [1, 2, 1000])).toBe('exp in "features.0", f32[3], is Infinity at [2]');
});

test("says that an input was bad already", () => {
  expect(find((x) => sum(exp(x)), [1, Number.NaN])).toBe("input 0 at 1: NaN");
});

test("passes over infinities that never reach the result", () => {
  const fn = (x: Tensor): Tensor => {
    const masked = select(array([true, true, false]), x, -Infinity);
    const unused = log(mul(x, 0));
    return sum(mul(add(exp(sum(softmax(masked))), select(array(false), unused, 0)), exp(mul(x, 100))));
  };
  expect(find(fn, [1, 2, 3])).toBe("exp, f32[3], is Infinity at [0]");
});

test("finds nothing where all is well", () => {
  expect(find((x) => sum(x), [1, 2])).toBeUndefined();
});

test("writes positions as indices", () => {
  expect(position(5, { shape: [2, 3] })).toBe(" at [1, 2]");
  expect(position(0, { shape: [] })).toBe("");
});
