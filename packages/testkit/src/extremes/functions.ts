// What the table of functions says of each, and how exact each must be beyond the rule.
import type { Tensor } from "@hooke/runtime";

/** The size that errors of a result are relative to where that is more than the result's own: by the function's argument. */
type Scale<X> = (x: X) => number;

/** Sizes that errors are relative to. */
export interface Scales<X> {
  readonly value?: Scale<X>;
  readonly first?: Scale<X>;
  readonly second?: Scale<X>;
}

/** Results that are wrong by a few roundings of something larger than themselves, and why. */
export interface Coarse<X> extends Scales<X> {
  readonly because: string;
}

/** A function of each number of a vector. */
export interface FunctionOfNumbers {
  readonly name: string;
  readonly fn: (x: Tensor) => Tensor;
  readonly coarse?: Coarse<number>;
}

/** A function of each pair of numbers of two vectors. */
export interface FunctionOfPairs {
  readonly name: string;
  readonly fn: (a: Tensor, b: Tensor) => Tensor;
}

/** A function of each row of three, `[rows, 3]` to `[rows]`. */
export interface FunctionOfRows {
  readonly name: string;
  readonly fn: (rows: Tensor) => Tensor;
  /** What the golden file calls it. Default: `name`. */
  readonly truth?: string;
  readonly coarse?: Coarse<readonly number[]>;
}

export const one = (): number => 1;
export const none = (): number => 0;

export const ofOutput = "derivatives come of the output, as PyTorch's and JAX's: what saturates has lost the rest";
export const zeroBetween = "zeros between values of size 1";
