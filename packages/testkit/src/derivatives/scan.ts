// Loops, and loops in loops.
import {
  add,
  array,
  concat,
  convert,
  type HostArray,
  less,
  matmul,
  mul,
  reshape,
  type Shape,
  scan,
  select,
  sin,
  slice,
  square,
  stack,
  sum,
  type Tensor,
  type Tree,
  tanh,
} from "@hooke/runtime";
import { sample } from "../cases/samples.ts";
import type { DerivativeCases } from "./case.ts";

const a = (shape: Shape, seed = 1): HostArray => sample(shape, "f64", { low: -0.8, high: 0.8, seed });
const join = (...parts: Tensor[]): Tensor =>
  concat(
    parts.map((part) => reshape(part, [-1])),
    0,
  );

export const loops: DerivativeCases = {
  "a recurrence with a shared weight": [
    (w, x) => {
      const [c, ys] = scan(
        (state: Tensor, z: Tensor) => {
          const next = tanh(add(mul(state, w), z));
          return [next, mul(next, w)] as const;
        },
        mul(w, 0.5),
        x,
      );
      return join(c, ys);
    },
    [a([2]), a([3, 2], 2)],
  ],
  "in reverse": [
    (w, x) => {
      const [c, ys] = scan((s: Tensor, z: Tensor) => [sin(add(mul(s, w), z)), mul(s, z)] as const, w, x, {
        reverse: true,
      });
      return join(c, ys);
    },
    [a([]), a([4], 2)],
  ],
  "carries of which some have no derivative": [
    (x) => {
      const [c, ys] = scan(
        ({ count, flag, value }, z: Tensor) => {
          const step = select(flag, mul(value, z), add(value, z));
          return [
            { value: sin(step), flag: less(count, 1), count: add(count, 1) },
            mul(step, convert(count, x.dtype)),
          ] as const;
        },
        { count: array(0, { dtype: "i32" }), flag: array(true), value: array(0.3, { dtype: x.dtype }) } as {
          count: HostArray;
          flag: HostArray;
          value: HostArray;
        },
        x,
      );
      return join((c as { value: Tensor }).value, ys);
    },
    [a([4])],
  ],
  "a carry that becomes active only later": [
    (w, x) => {
      const [c] = scan(
        ([p, q, r]: readonly Tensor[], z: Tensor) =>
          [[add(mul(p!, 0.5), mul(w, z)), sin(p!), add(r!, q!)], []] as const,
        [
          array(0.1, { dtype: x.dtype }),
          array(0.2, { dtype: x.dtype }),
          array(0.3, { dtype: x.dtype }),
        ] as unknown as readonly Tensor[],
        x,
      );
      return stack([...(c as readonly Tensor[])]);
    },
    [a([]), a([4], 2)],
  ],
  "outputs that are inputs, carries that pass through": [
    (w, x) => {
      const [c, ys] = scan(
        ([p, q]: readonly Tensor[], z: Tensor) =>
          [
            [q!, p!],
            [z, p!, mul(z, z)],
          ] as const,
        [w, square(w)],
        x,
      );
      return join(...(c as readonly Tensor[]), ...(ys as readonly Tensor[]));
    },
    [a([]), a([3], 2)],
  ],
  "no carry": [
    (w, x) => {
      const [, ys] = scan((_: Tree<Tensor>, z: Tensor) => [[], tanh(mul(z, w))] as const, [] as readonly Tensor[], x);
      return ys as Tensor;
    },
    [a([2]), a([3, 2], 2)],
  ],
  "no inputs": [(w) => scan((c: Tensor) => [sin(mul(c, w)), []] as const, w, [], { length: 4 })[0] as Tensor, [a([2])]],
  "a recurrent layer": [
    (w, u, x) =>
      scan(
        (h: Tensor, z: Tensor) => [tanh(add(matmul(h, w), matmul(z, u))), []] as const,
        mul(matmul(slice(x, [0, 0, 0], [1, 1, 2]), w), 0),
        x,
      )[0] as never,
    [a([2, 2]), a([2, 2], 2), a([1, 1, 2], 3)],
  ],
  nested: [
    (w, x) => {
      const [c, ys] = scan(
        (s: Tensor, row: Tensor) => {
          const [inner, out] = scan(
            (t: Tensor, z: Tensor) => [tanh(add(mul(t, w), mul(z, s))), mul(t, s)] as const,
            s,
            row,
          );
          return [add(inner as Tensor, mul(s, 0.5)), sum(out)] as const;
        },
        w,
        x,
      );
      return join(c, ys);
    },
    [a([]), a([3, 2], 2)],
  ],
};
