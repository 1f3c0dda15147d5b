// What both ways of reducing, along rows and across them, work with.
import type { DType } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import type { Reducing } from "../wide/index.ts";
import type { Access } from "./access.ts";
import type { ReductionName } from "./accumulation.ts";
import type { Lanes } from "./vector.ts";

/** One nest over the reduced array: kept dimensions, then reduced ones; the innermost is either. */
export interface Part {
  readonly sizes: readonly number[];
  readonly readers: readonly Access[];
  /** Code that combines the next `count` elements, `ahead` elements from the loop's offset, into a local. */
  accumulate(count: number, into: number, ahead: number): Code;
  /** Code before the inner loop. */
  readonly enter: Code;
}

export interface Reduction {
  readonly fn: FunctionBuilder;
  readonly name: ReductionName;
  readonly dtype: DType;
  readonly lanes: Lanes;
  /** The vector to start from. */
  readonly start: Code;
  /** The local of the inner loop, in units of 4 per element. */
  readonly offset: number;
  /** How many dimensions are kept before the first reduced one. */
  readonly kept: number;
  /** How many elementwise nodes are evaluated for each element. */
  readonly nodes: number;
  readonly parts: readonly Part[];
  readonly writer: Access;
  /** Where the engine joins vectors. */
  readonly wide: Reducing | undefined;
}
