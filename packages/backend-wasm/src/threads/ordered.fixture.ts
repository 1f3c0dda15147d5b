// A backend that computes what is divided for several threads on one, piece by piece, from the first to the last or the other way round. What depends on the order of
// pieces, which threads show now and then, has other results in each of the two.
import { WasmBackend } from "../backend.ts";
import type { Emitter } from "../codegen/emitter.ts";
import { emitOneByOne, runPiece } from "../codegen/tasks.ts";
import { forLoop, local } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";

/** The code of a function `(task, count)` that computes all pieces, the last one first. */
function emitBackwards(module: ModuleBuilder, fn: FunctionBuilder): void {
  const left = fn.local("i32");
  const piece = i32.sub(i32.sub(local.get(1), local.get(left)), i32.const(1));
  fn.emit(forLoop({ index: left, start: 0, limit: local.get(1) }, runPiece(module, local.get(0), piece)));
}

export class OrderedBackend extends WasmBackend {
  private readonly order: "forwards" | "backwards";

  /** @param threads for so many work is divided */
  constructor(order: "forwards" | "backwards", threads: number, fineness = 1) {
    super({ threads }, fineness);
    this.order = order;
  }

  protected override async divide({ module, distributor }: Emitter): Promise<undefined> {
    if (distributor === undefined) return;
    (this.order === "forwards" ? emitOneByOne : emitBackwards)(module, distributor);
  }
}
