// What a Gaussian process is governed by.

/** Logarithms of what a process is governed by; targets have the variance 1. */
export interface Hyperparameters<T> {
  /** One for each group of columns: distances along it are divided by it. */
  readonly lengthScales: T;
  /** The standard deviation of the function. */
  readonly amplitude: T;
  /** The standard deviation of the targets about it. */
  readonly noise: T;
}
