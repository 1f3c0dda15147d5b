// Tasks: kernels cut into pieces, which are functions of their number in the module's table.
import type { Code } from "../encoder/code.ts";
import { call_indirect, forLoop, local } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";

/** Computes one piece. */
export const runPiece = (module: ModuleBuilder, task: Code, piece: Code): Code =>
  call_indirect(module.typeOf({ params: ["i32"], results: [] }), task, piece);

/** The code of a function `(task, count)` that computes all pieces, one after the other. */
export function emitOneByOne(module: ModuleBuilder, fn: FunctionBuilder): void {
  const index = fn.local("i32");
  fn.emit(forLoop({ index, start: 0, limit: local.get(1) }, runPiece(module, local.get(0), local.get(index))));
}
