// Sorting along an axis.
import { allocate, type HostArray, sizeOf } from "../array.ts";
import { takeAlongAxis } from "../ops/reduction.ts";
import type { Aval } from "../program.ts";
import { emit } from "../record.ts";
import { needAxis, needDType, needInputs } from "./needs.ts";
import type { Rules } from "./rule.ts";

function check(who: string, inputs: readonly Aval[], axis: number): Aval {
  needInputs(who, inputs, 1);
  needAxis(who, inputs[0]!, axis);
  needDType(who, inputs[0]!, ["f32", "f64", "i32", "u32"]);
  return inputs[0]!;
}

/** Calls `write(flat index of the k-th place, flat index of the element that belongs there, k's source position)`. */
function visitSorted(x: HostArray, axis: number, write: (to: number, from: number, position: number) => void): void {
  const inner = sizeOf(x.shape.slice(axis + 1));
  const outer = sizeOf(x.shape.slice(0, axis));
  const length = x.shape[axis]!;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const at = (k: number): number => (o * length + k) * inner + i;
      const order = Array.from({ length }, (_, k) => k);
      order.sort((a, b) => {
        const left = x.data[at(a)]!;
        const right = x.data[at(b)]!;
        if (Number.isNaN(left) || Number.isNaN(right))
          return Number(Number.isNaN(left)) - Number(Number.isNaN(right)) || a - b;
        return left < right ? -1 : left > right ? 1 : a - b;
      });
      for (const [k, position] of order.entries()) write(at(k), at(position), position);
    }
  }
}

export const sorting: Rules<"sort" | "argSort"> = {
  sort: {
    outputs: (inputs, { axis }) => [check("sort", inputs, axis)],
    jvp: ([x], _, params, [dx]) => [takeAlongAxis(dx!, emit(sorting, "argSort", [x!], params)[0]!, params.axis)],
    reference([x], { axis }) {
      const data = allocate(x!.dtype, x!.data.length);
      visitSorted(x!, axis, (to, from) => {
        data[to] = x!.data[from]!;
      });
      return [{ shape: x!.shape, dtype: x!.dtype, data }];
    },
  },
  argSort: {
    outputs: (inputs, { axis }) => [{ shape: check("argSort", inputs, axis).shape, dtype: "i32" }],
    jvp: () => [null],
    reference([x], { axis }) {
      const data = new Int32Array(x!.data.length);
      visitSorted(x!, axis, (to, _, position) => {
        data[to] = position;
      });
      return [{ shape: x!.shape, dtype: "i32", data }];
    },
  },
};
