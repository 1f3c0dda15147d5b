// Shifts by a number that all elements share, for which vectors have an instruction: as by numbers of their own, and as the reference.
import { array, interpret, record, run, shiftLeft, shiftRight, type Tensor } from "@hooke/runtime";
import { expect, test } from "vitest";
import { wasmBackend } from "../backend.ts";

const backend = wasmBackend();

test.each(["i32", "u32"] as const)("shifts of %s", async (dtype) => {
  const highest = dtype === "i32" ? [-1, -(2 ** 31)] : [2 ** 32 - 1, 2 ** 31];
  const numbers = array([1, 2, 3, 12345, 2 ** 31 - 1, ...highest], { dtype });
  for (const amount of [0, 1, 8, 31, 32, 40]) {
    const each = array(new Array(7).fill(amount), { dtype });
    const shared = (x: Tensor): Tensor[] => [shiftLeft(x, amount), shiftRight(x, amount)];
    const apart = (x: Tensor, by: Tensor): Tensor[] => [shiftLeft(x, by), shiftRight(x, by)];
    const expected = interpret(record(apart, numbers, each).program, [numbers, each]);
    expect(await run(backend, shared, numbers)).toEqual(expected);
    expect(await run(backend, apart, numbers, each)).toEqual(expected);
  }
});
