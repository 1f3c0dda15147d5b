// Donated inputs: outputs written in place, also where the input is still needed.
import {
  add,
  array,
  concat,
  cumsum,
  gather,
  matmul,
  max,
  mul,
  reverse,
  scan,
  sliceAxis,
  softmax,
  sub,
  sum,
  type Tensor,
  transpose,
} from "@hooke/runtime";
import { sample } from "../cases/samples.ts";
import { type ProgramCase, programCase } from "./program-case.ts";

/** Programs with donated inputs. */
export function donationPrograms(): readonly ProgramCase[] {
  const x = sample([33]);
  const y = sample([33], "f32", { seed: 2 });
  const matrix = sample([9, 9]);
  return [
    programCase("an update in place", [x, y], (a, b) => sub(a, mul(b, 0.1)), { donate: [0] }),
    programCase("only the second output", [x, y], (a, b) => [sum(a), add(a, b)], { donate: [null, 1] }),
    programCase("a donated input read by another output", [x, y], (a, b) => [add(a, 1), mul(a, b), sum(mul(a, a))], {
      donate: [0],
    }),
    programCase(
      "a donated input read after its update",
      [x],
      (a) => {
        const next = mul(a, 2);
        return [next, sub(a, max(next)), add(next, a)];
      },
      { donate: [0, null, null] },
    ),
    programCase("two inputs that change places", [x, y], (a, b) => [b, a], { donate: [0, 1] }),
    programCase("two updates that read each other", [x, y], (a, b) => [add(a, b), sub(a, b)], { donate: [0, 1] }),
    programCase("updates into each other's buffers", [x, y], (a, b) => [mul(a, 2), mul(b, 3)], { donate: [1, 0] }),
    programCase("an input returned in its own buffer", [x, y], (a, b) => [a, add(a, b)], { donate: [0, 1] }),
    programCase("an input returned in another's buffer", [x, y], (a, b) => [b, sum(a)], { donate: [0] }),
    programCase(
      "one value into two buffers",
      [x, y],
      (a, b) => {
        const next = add(a, b);
        return [next, next];
      },
      { donate: [0, 1] },
    ),
    programCase("a constant into a donated buffer", [x], () => add(array(new Float32Array(33)), 1), { donate: [0] }),
    programCase("a transpose in place", [matrix], (a) => transpose(a), { donate: [0] }),
    programCase("a reverse in place", [x], (a) => reverse(a, 0), { donate: [0] }),
    programCase("a running sum in place", [x], (a) => cumsum(a), { donate: [0] }),
    programCase("a rotation in place", [x], (a) => concat([sliceAxis(a, 0, 5, 33), sliceAxis(a, 0, 0, 5)], 0), {
      donate: [0],
    }),
    programCase(
      "a permutation in place",
      [x],
      (a) => gather(a, array(Int32Array.from({ length: 33 }, (_, i) => (i * 5) % 33))),
      { donate: [0] },
    ),
    programCase("a product in place", [matrix], (a) => matmul(a, transpose(a)), { donate: [0] }),
    programCase("a softmax in place", [matrix], (a) => softmax(a), { donate: [0] }),
    programCase("a row's update that reads every row", [matrix], (a) => sub(a, sum(a, { axes: 0 })), { donate: [0] }),
    programCase(
      "a loop's carry in place",
      [x, sample([4, 33])],
      (a, b) => {
        const [last] = scan((c: Tensor, z: Tensor) => [add(mul(c, 0.5), z), []] as const, a, b);
        return [last, sum(a)];
      },
      { donate: [0, null] },
    ),
  ];
}
