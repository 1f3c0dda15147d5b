// Programs that keep arrays packed and read them there: in loops of every kind, in reductions, and in what needs them whole.
import {
  add,
  concat,
  convert,
  matmul,
  mul,
  pack,
  reshape,
  reverse,
  select,
  slice,
  sum,
  type Tensor,
  transpose,
  unpack,
} from "@hooke/runtime";
import { sample } from "../cases/samples.ts";
import { type ProgramCase, programCase } from "./program-case.ts";

/** As it is after rounding. */
const rounded = (x: Tensor): Tensor => unpack(pack(x), x.shape, "f32");

/** Programs with packed arrays. */
export function packedPrograms(): readonly ProgramCase[] {
  const chain = (x: Tensor, row: Tensor): Tensor => mul(add(rounded(x), row), rounded(mul(x, 3)));
  return [
    ...([8192, 4099, 13] as const).map((size) =>
      programCase(`packed: a chain of ${size} elements`, [sample([size]), sample([1], "f32", { seed: 2 })], chain),
    ),
    programCase(
      "packed: rows, columns and repeated elements",
      [sample([64, 48]), sample([48], "f32", { seed: 2 })],
      (x, row) => [
        add(rounded(x), rounded(row)),
        mul(transpose(rounded(x)), 2),
        add(reshape(slice(rounded(x), [1, 3], [64, 48], [2, 3]), [32, 15]), 1),
        add(reverse(rounded(row), [0]), row),
        concat([rounded(x), x], 1),
        convert(rounded(row), "i32"),
      ],
    ),
    programCase("packed: reductions and products", [sample([33, 20]), sample([20, 20], "f32", { seed: 2 })], (x, w) => [
      sum(mul(rounded(x), x), { axes: 0 }),
      sum(rounded(x), { axes: 1 }),
      sum(mul(transpose(rounded(x)), 2), { axes: 0 }),
      matmul(rounded(x), rounded(w)),
      rounded(x),
    ]),
    programCase("packed: masks", [sample([65, 3]), sample([65, 3], "bool")], (x, mask) =>
      select(unpack(pack(mask), mask.shape, "bool"), rounded(x), x),
    ),
  ];
}
