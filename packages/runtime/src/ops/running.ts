// Running sums and products.
import { checkOptions, type OptionTable } from "../options/check-options.ts";
import { flag } from "../options/checks.ts";
import { indexing } from "../primitives/indexing.ts";
import { emit } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import type { Operand } from "./align.ts";
import { mul } from "./elementwise.ts";
import { pad } from "./padding.ts";
import { numbers } from "./requirements.ts";
import { sliceAxis } from "./slicing.ts";
import { normalizeAxis } from "./structure.ts";

/** Options of {@link cumsum} and {@link cumprod}. */
export interface RunningOptions {
  /** From the last element to the first. Default false. */
  readonly reverse?: boolean;
  /** Without the element itself: the first result is 0 of a sum, 1 of a product. Default false. */
  readonly exclusive?: boolean;
}

const table: OptionTable<RunningOptions> = { optional: { reverse: flag, exclusive: flag } };

/** Moves elements along an axis, towards where they are read later, and fills the places they leave. */
function shift(x: Tensor, axis: number, by: number, reverse: boolean, fill: number): Tensor {
  const length = x.shape[axis]!;
  const [start, limit] = reverse ? [by, length] : [0, length - by];
  const amounts = x.shape.map((_, i) => (i === axis ? by : 0));
  const none = amounts.map(() => 0);
  const [low, high] = reverse ? [none, amounts] : [amounts, none];
  return pad(sliceAxis(x, axis, start, limit), low, high, fill);
}

function begin(who: string, x: Operand, axis: number, options: RunningOptions, neutral: number) {
  checkOptions<RunningOptions>(who, options, table);
  const { reverse = false, exclusive = false } = options;
  const value = numbers(who, x);
  const at = normalizeAxis(who, axis, value.rank);
  const isShifted = exclusive && value.shape[at]! > 0;
  return { value: isShifted ? shift(value, at, 1, reverse, neutral) : value, at, reverse };
}

/**
 * Running sum along an axis (default the first), of floats and whole numbers (modulo 2^32).
 *
 * @example
 * ```ts
 * import { array, cumsum, referenceBackend, run, type Tensor } from "@hooke/runtime";
 *
 * const x = array([1, 2, 3]);
 * const starts = (t: Tensor) => cumsum(t, 0, { exclusive: true });
 * console.log((await run(referenceBackend(), starts, x)).data); // Float32Array(3) [ 0, 1, 3 ]
 * ```
 */
export function cumsum(x: Operand, axis = 0, options: RunningOptions = {}): Tensor {
  const { value, at, reverse } = begin("cumsum", x, axis, options, 0);
  return emit(indexing, "cumsum", [value], { axis: at, reverse })[0]!;
}

/**
 * Running product along an axis (default the first), of floats and whole numbers (modulo 2^32). All derivatives are right where elements
 * are 0. It takes `log2(n)` passes over the array, and their derivatives keep as many arrays.
 */
export function cumprod(x: Operand, axis = 0, options: RunningOptions = {}): Tensor {
  const { value, at, reverse } = begin("cumprod", x, axis, options, 1);
  let product = value;
  for (let span = 1; span < value.shape[at]!; span *= 2) product = mul(product, shift(product, at, span, reverse, 1));
  return product;
}
