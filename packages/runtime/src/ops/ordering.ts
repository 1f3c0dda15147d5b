// Which elements are the largest: their order, and where they are.
import { describe, isFloat } from "../array.ts";
import { fail } from "../error.ts";
import { checkOptions, type OptionTable } from "../options/check-options.ts";
import { flag } from "../options/checks.ts";
import { reduction } from "../primitives/reduction.ts";
import { sorting } from "../primitives/sorting.ts";
import { emit, tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import type { Operand } from "./align.ts";
import { neg, not, sub } from "./elementwise.ts";
import { takeAlongAxis } from "./reduction.ts";
import { numbers } from "./requirements.ts";
import { sliceAxis } from "./slicing.ts";
import { normalizeAxis, reverse } from "./structure.ts";

/** First index of the maximum along an axis (default the last), `i32`; NaN counts as the largest. */
export function argMax(x: Operand, axis = -1, ...more: []): Tensor {
  const value = tensorFor("argMax", x, more);
  return emit(reduction, "argMax", [value], { axis: normalizeAxis("argMax", axis, value.rank) })[0]!;
}

/** First index of the minimum along an axis (default the last), `i32`; NaN counts as the smallest, as in NumPy. */
export function argMin(x: Operand, axis = -1, ...more: []): Tensor {
  const value = numbers("argMin", x, more);
  const at = normalizeAxis("argMin", axis, value.rank);
  if (value.shape[at] === 0) fail("argMin", `received ${describe(value)}; an empty axis has no minimum.`, "mismatch");
  // Complements of whole numbers turn their order around; the negative of the smallest would be itself.
  return emit(reduction, "argMax", [isFloat(value.dtype) ? neg(value) : not(value)], { axis: at })[0]!;
}

/** Options of {@link sort} and {@link argSort}. */
export interface SortOptions {
  /** The largest first. Default false. */
  readonly descending?: boolean;
}

const table: OptionTable<SortOptions> = { optional: { descending: flag } };

function order(who: "sort" | "argSort", x: Operand, axis: number, options: SortOptions) {
  checkOptions<SortOptions>(who, options, table);
  const value = numbers(who, x);
  const at = normalizeAxis(who, axis, value.rank);
  return { value, at, along: (t: Tensor): Tensor => emit(sorting, who, [t], { axis: at })[0]!, ...options };
}

/**
 * Ascending along an axis (default the last), NaN last; or descending, NaN first, as in PyTorch. Equal elements keep their derivatives in
 * their order.
 */
export function sort(x: Operand, axis = -1, options: SortOptions = {}): Tensor {
  const { value, at, along, descending } = order("sort", x, axis, options);
  return descending === true ? reverse(along(reverse(value, at)), at) : along(value);
}

/** Indices (`i32`) that sort along an axis (default the last) as {@link sort} does; equal elements stay in their order. */
export function argSort(x: Operand, axis = -1, options: SortOptions = {}): Tensor {
  const { value, at, along, descending } = order("argSort", x, axis, options);
  if (descending !== true) return along(value);
  // Equal elements are turned around twice.
  return sub(value.shape[at]! - 1, reverse(along(reverse(value, at)), at));
}

/** The largest elements along an axis, descending, and where they are (`i32`). */
export type TopK = Readonly<Record<"values" | "indices", Tensor>>;

/**
 * The `k` largest elements along an axis (default the last), descending, with their indices: NaN counts as the largest, and of equal ones the
 * first comes first. Derivatives reach the elements that are chosen.
 *
 * @throws unless `k` is a whole number from 1 to the size of the axis
 * @example
 * ```ts
 * import { array, referenceBackend, run, type Tensor, topK } from "@hooke/runtime";
 *
 * const { values, indices } = await run(referenceBackend(), (x: Tensor) => topK(x, 2), array([3, 9, 5]));
 * console.log(values.data, indices.data); // Float32Array(2) [ 9, 5 ] Int32Array(2) [ 1, 2 ]
 * ```
 */
export function topK(x: Operand, k: number, axis = -1, ...more: []): TopK {
  const value = numbers("topK", x, more);
  const at = normalizeAxis("topK", axis, value.rank);
  if (!Number.isInteger(k) || k < 1 || k > value.shape[at]!)
    fail("topK", `received ${k} as k and ${describe(value)}; it takes a whole number from 1 to ${value.shape[at]}.`);
  const indices = sliceAxis(argSort(value, at, { descending: true }), at, 0, k);
  return { values: takeAlongAxis(value, indices, at), indices };
}
