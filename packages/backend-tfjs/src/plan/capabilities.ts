// What kernels of engines can and cannot do, as far as lowerings depend on it.

/**
 * What an engine's kernels can do. Each is `false` unless stated: programs are right without it on any engine, in more kernel
 * calls. State those alone that hold for every kernel of the engine.
 */
export interface Capabilities {
  /** `Log1p` and `Expm1` keep their digits near zero, and `FloorDiv` of integers is exact. */
  readonly precise?: boolean;
  /** `BatchMatMul` of operands that are stored transposed is no slower than of others. */
  readonly transposedProducts?: boolean;
  /** `BatchMatMul` and `Conv2D` keep nothing of their second operand that a later call would take for another array. */
  readonly freshWeights?: boolean;
  /**
   * `Sum`, `Cumsum`, `ScatterNd` and products of matrices err by less than 2e-6 of the sum of the absolute terms, however many there
   * are: none is one running sum of f32.
   */
  readonly steadySums?: boolean;
  /** As many terms as products of matrices add with an error below that. Default 128, as one running sum does. */
  readonly longestProduct?: number;
  /** Convolutions take their padding side by side, `[[0, 0], [top, bottom], [left, right], [0, 0]]`. */
  readonly explicitPadding?: boolean;
}
