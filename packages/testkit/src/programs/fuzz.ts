// Seeded random programs: the same seed gives the same program, whose values stay small so that rounding does not decide anything.
import {
  abs,
  add,
  and,
  array,
  broadcastTo,
  concat,
  convert,
  cos,
  cumsum,
  type DType,
  div,
  fail,
  gather,
  grad,
  type HostArray,
  isFloat,
  less,
  matmul,
  max,
  maximum,
  minimum,
  mul,
  neg,
  not,
  or,
  pad,
  reshape,
  reverse,
  select,
  shiftRight,
  sigmoid,
  sin,
  sizeOf,
  sliceAxis,
  softmax,
  sort,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
  xor,
} from "@hooke/runtime";
import { sample, stream } from "../cases/samples.ts";
import { type ProgramCase, programCase } from "./program-case.ts";

/** Draws from what has been made so far. */
class Draw {
  readonly pool: Tensor[];
  private readonly next: () => number;

  constructor(next: () => number, pool: readonly Tensor[]) {
    this.next = next;
    this.pool = [...pool];
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  tensor(fits: (tensor: Tensor) => boolean): Tensor | undefined {
    const found = this.pool.filter(fits);
    // Recent values more often, so that chains grow.
    return found.length === 0 ? undefined : found[Math.max(this.below(found.length), this.below(found.length))];
  }

  like(other: Tensor): Tensor {
    return this.tensor((t) => t.dtype === other.dtype && String(t.shape) === String(other.shape)) ?? other;
  }

  axis(tensor: Tensor): number {
    return this.below(tensor.rank);
  }
}

type Maker = (draw: Draw, x: Tensor) => Tensor | undefined;

const onFloats: readonly Maker[] = [
  (draw, x) => draw.of([tanh, sin, cos, sigmoid, neg, abs])(x),
  (draw, x) => mul(add(x, draw.like(x)), 0.5),
  (draw, x) => mul(sub(x, draw.like(x)), 0.5),
  (draw, x) => tanh(mul(x, draw.like(x))),
  (draw, x) => div(x, add(square(draw.like(x)), 1)),
  (draw, x) => draw.of([maximum, minimum])(x, draw.like(x)),
  (_, x) => add(mul(stopGradient(x), 0.25), 0.1),
  (draw, x) => {
    const condition = draw.tensor((t) => t.dtype === "bool" && String(t.shape) === String(x.shape));
    return condition && select(condition, x, draw.like(x));
  },
  (draw, x) => (x.rank === 0 ? undefined : softmax(x, draw.axis(x))),
  (draw, x) => {
    const other = draw.tensor((t) => t.rank === 2 && t.dtype === x.dtype && t.shape[0] === x.shape[1]);
    return x.rank === 2 && other ? tanh(matmul(x, other)) : undefined;
  },
];

const onIntegers: readonly Maker[] = [
  (draw, x) => draw.of([add, sub, mul, maximum, minimum])(x, draw.like(x)),
  (draw, x) => draw.of([and, or, xor])(x, draw.like(x)),
  (_, x) => shiftRight(x, 1),
  (draw, x) => less(x, draw.like(x)),
  (_, x) => mul(convert(and(x, 7), "f32"), 0.25),
];

const onBooleans: readonly Maker[] = [
  (_, x) => not(x),
  (draw, x) => draw.of([and, or, xor])(x, draw.like(x)),
  (_, x) => convert(x, "i32"),
];

const onArrays: readonly Maker[] = [
  (_, x) => (x.rank === 2 ? transpose(x) : undefined),
  (_, x) => (sizeOf(x.shape) > 0 ? reshape(x, [sizeOf(x.shape)]) : undefined),
  (draw, x) => (x.rank === 1 && x.shape[0]! < 6 ? broadcastTo(x, [draw.of([2, 3, 5]), x.shape[0]!]) : undefined),
  (draw, x) => reverse(x, draw.axis(x)),
  (draw, x) => (x.rank === 1 ? concat([x, draw.like(x)], 0) : undefined),
  (draw, x) => {
    const axis = draw.axis(x);
    const length = x.shape[axis]!;
    return length > 2 ? sliceAxis(x, axis, draw.below(2), length) : undefined;
  },
  (_, x) => (x.dtype !== "bool" && x.rank === 1 && x.shape[0]! < 9 ? pad(x, [1], [2]) : undefined),
  (draw, x) => {
    const axis = draw.axis(x);
    return gather(x, array(Int32Array.from({ length: 3 }, () => draw.below(x.shape[axis]! + 1))), axis);
  },
  (draw, x) => (x.dtype === "bool" ? undefined : sort(x, draw.axis(x))),
  (draw, x) => (x.dtype === "bool" ? undefined : max(x, { axes: draw.axis(x) })),
  (draw, x) => {
    if (x.dtype === "bool") return undefined;
    const axis = draw.axis(x);
    const total = draw.of([cumsum(x, axis), sum(x, { axes: axis })]);
    return isFloat(x.dtype) ? mul(total, 1 / x.shape[axis]!) : total;
  },
];

function grow(seed: number, nodes: number, inputs: readonly Tensor[]): readonly Tensor[] {
  const next = stream(seed);
  const draw = new Draw(next, inputs);
  for (let attempts = 0; draw.pool.length < nodes + inputs.length; attempts++) {
    if (attempts > 50 * nodes) fail("fuzz", `seed ${seed} found no more than ${draw.pool.length} values.`);
    const x = draw.tensor((t) => sizeOf(t.shape) <= 64)!;
    const own = isFloat(x.dtype) ? onFloats : x.dtype === "bool" ? onBooleans : onIntegers;
    const made = draw.of(x.rank > 0 && next() < 0.4 ? onArrays : own)(draw, x);
    // Numbers of another float dtype join as the inputs' one.
    if (made) draw.pool.push(made.dtype === "f32" && inputs[0]!.dtype === "f64" ? convert(made, "f64") : made);
  }
  return draw.pool.slice(inputs.length);
}

/**
 * A random program of about `nodes` operations over float, integer and boolean arrays, with the gradient of a sum of its
 * float values in its float inputs.
 */
export function fuzzProgram(seed: number, nodes: number, dtype: "f32" | "f64"): ProgramCase {
  const inputs: HostArray[] = [
    sample([3, 5], dtype, { seed }),
    sample([5, 2], dtype, { seed: seed + 1 }),
    sample([5], dtype, { seed: seed + 2 }),
    sample([], dtype, { seed: seed + 3 }),
    sample([3, 5], "i32", { seed }),
    sample([5], "u32", { seed }),
    sample([3, 5], "bool", { seed }),
  ];
  const isOwn = (found: DType): boolean => found === dtype;
  return programCase(
    `random program ${seed}, ${nodes} operations, ${dtype}`,
    inputs,
    (...all) => {
      const floats = all.filter((t) => isOwn(t.dtype));
      const others = all.slice(floats.length);
      const values = grow(seed, nodes, all);
      const gradients = grad((parameters: readonly Tensor[]) =>
        grow(seed, Math.ceil(nodes / 4), [...parameters, ...others])
          .filter((t) => isOwn(t.dtype))
          .map((t) => sum(t))

          .reduce((a, b) => add(a, b), sum(square(parameters[0]!))),
      )(floats);
      return [...values.filter((_, i) => i % 5 === 0), ...values.slice(-8), ...gradients];
    },
    { tolerance: { relative: { f32: 2e-3, f64: 1e-10 }, magnitude: "largest or 1" } },
  );
}
