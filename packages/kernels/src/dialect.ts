// What differs between the languages that kernels are printed in. Statements are the same text in all: `let` and `var`, `for` and `if`, operators,
// and calls of functions and types (`f32`, `vec4<f32>`, `bitcast`, `select`, `expOf` ...) that every language defines by the same names. Whole
// numbers are written `i32(1)` and `1u`, others `1.0f`, so that they have these types everywhere.

/** An array in the memory of a group. */
export interface Shared {
  readonly name: string;
  readonly vectors: number;
}

/** A kernel, but for what its language says around it. */
export interface Parts {
  /** Threads of a group. */
  readonly threads: number;
  /** Whether `memory` has four words an element: `vec4<u32>` instead of `u32`. */
  readonly isWide: boolean;
  /** How many pointers it is given: `uniforms.p0` and so on, behind `NAN`, `INFINITY` and `zero`. */
  readonly pointers: number;
  /** How many loops are around it, whose steps it is given: `step0` and so on. */
  readonly levels: number;
  /** Arrays of `vec4<f32>` that the threads of a group share: their names and how many vectors they hold. */
  readonly shared: readonly Shared[];
  /** What each thread does, whose `group` (`x`, `y`) and place in it (`local`) are known. */
  readonly statements: readonly string[];
}

/** A language. */
export interface Dialect {
  /** Who speaks in errors: the backend that runs its kernels. */
  readonly backend: string;
  /** The source of a kernel, with all that its statements call. */
  source(parts: Parts): string;
}
