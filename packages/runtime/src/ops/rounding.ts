// Rounding, remainders and bounds, made of exact operations.

import { fail } from "../error.ts";
import { nothingMore } from "../options/check-options.ts";
import type { Tensor } from "../tensor.ts";
import { align, type Operand } from "./align.ts";
import {
  abs,
  add,
  and,
  equal,
  floor,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  neg,
  notEqual,
  or,
  rem,
  select,
  sub,
} from "./elementwise.ts";
import { floats } from "./requirements.ts";

/** Smallest integer not below `x`, a float; its derivative is 0. */
export function ceil(x: Operand, ...more: []): Tensor {
  nothingMore("ceil", more);
  return neg(floor(neg(floats("ceil", x))));
}

/**
 * The nearest integer to `x`, a float, and of two the even one, as in NumPy and PyTorch: 0.5 gives 0, 1.5 and 2.5 give 2. Its derivative
 * is 0.
 */
export function round(x: Operand, ...more: []): Tensor {
  const value = floats("round", x, more);
  // Everything here is exact, of numbers that are not negative.
  const size = abs(value);
  const below = floor(size);
  const rest = sub(size, below);
  const half = mul(below, 0.5);
  const isOdd = notEqual(half, floor(half));
  const rounded = select(or(less(0.5, rest), and(equal(rest, 0.5), isOdd)), add(below, 1), below);
  return select(less(value, 0), neg(rounded), rounded);
}

/**
 * Remainder of `a / b` with the sign of `b`, as `%` in Python, `numpy.mod` and `torch.remainder`: `mod(-1, 3)` is 2, where {@link rem}
 * gives -1. Floats and whole numbers; of whole numbers by 0 it is 0. As there, a tiny negative float may round to `b`. Derivatives: 1 in `a`, `-floor(a / b)` in `b`.
 */
export function mod(a: Operand, b: Operand, ...more: []): Tensor {
  const [dividend, divisor] = align("mod", [a, b], more) as [Tensor, Tensor];
  const rest = rem(dividend, divisor);
  if (rest.dtype === "u32") return rest;
  const isOpposite = and(notEqual(rest, 0), notEqual(less(rest, 0), less(divisor, 0)));
  return select(isOpposite, add(rest, divisor), rest);
}

/**
 * `x` within bounds, which broadcast; NaN stays. The derivative belongs to `x` from bound to bound, both included, as in PyTorch, and
 * beyond to the bound. A number -Infinity or Infinity bounds nothing, so whole numbers can be bounded on one side, too.
 *
 * @throws if both bounds are numbers and `low` is above `high`, or one is NaN
 */
export function clip(x: Operand, low: Operand, high: Operand, ...more: []): Tensor {
  nothingMore("clip", more);
  if (Number.isNaN(low) || Number.isNaN(high) || (typeof low === "number" && typeof high === "number" && low > high))
    fail("clip", `received the bounds ${low} and ${high}; it takes a low and a high one.`);
  const tensors = [low, high].filter((bound) => typeof bound !== "number");
  let value = align("clip", [x, ...tensors])[0]!;
  // On a bound x is chosen, and with it its derivative; the larger of NaN and a bound is NaN.
  if (low !== -Infinity) value = select(lessEqual(low, value), value, maximum(value, low));
  return high === Infinity ? value : select(lessEqual(value, high), value, minimum(value, high));
}
