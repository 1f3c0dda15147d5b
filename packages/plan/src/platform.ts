// What a plan has to know of what runs it.
import type { DType } from "@hooke/runtime";

/** A platform that kernels run on: its memory, and how much a kernel may be. All else is alike everywhere. */
export interface Platform {
  /** Bytes of an element in memory. */
  readonly elementBytes: Readonly<Record<DType, number>>;
  /** Arrays begin at multiples of so many bytes, which is a power of two, and take at least one: kernels may run past the ends of arrays up to there. */
  readonly alignment: number;
  /** The most elementwise operations of one loop: compilers slow down, and refuse functions beyond a size. */
  readonly largestLoop: number;
  /** A loop with functions such as tanh takes no other operations in from so many on, and what it is made of at once ends behind its functions. */
  readonly largestWithFunctions: number;
  /**
   * Elements at least of loops that become one where all they share is single numbers, such as a learning rate. Shorter ones stay apart: of many
   * layers, they are alike.
   */
  readonly joinedByNumbers: number;
  /** Elements of a row at least, where loops write parts of an array row by row, rather than a kernel of their own. */
  readonly shortestRow: number;
}
