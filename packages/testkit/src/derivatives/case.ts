// A case: a function and a point at which its derivatives are compared with differences.
import type { HostArray, Tensor } from "@hooke/runtime";

/** A function, its inputs (f64, where it is smooth), and how often it is differentiated. Default: three times. */
export type DerivativeCase = readonly [
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly HostArray[],
  order?: 1 | 2 | 3,
];

/** Cases by name. */
export type DerivativeCases = Readonly<Record<string, DerivativeCase>>;
