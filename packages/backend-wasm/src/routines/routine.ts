// Routines: primitives computed by code of their own, from dense operands.
import type { NodeOf, PrimitiveName } from "@hooke/runtime";
import type { Emitter } from "../codegen/emitter.ts";
import type { Code } from "../encoder/code.ts";
import type { FunctionBuilder } from "../encoder/module.ts";

/** What a routine's generator receives: it emits the whole function `fn`. */
export interface Routine<K extends PrimitiveName> {
  readonly emitter: Emitter;
  readonly node: { [P in K]: NodeOf<P> }[K];
  /** Pointers of the operands. */
  readonly operands: readonly Code[];
  /** The pointer of the first output. */
  readonly output: Code;
  readonly fn: FunctionBuilder;
}
