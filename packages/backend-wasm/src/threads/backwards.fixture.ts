// A backend that computes what is divided for several threads on one, the last block and the last piece of every kernel first. What depends on the order of pieces,
// which threads show now and then, has other results.
import { WasmBackend } from "../backend.ts";
import type { Emitter } from "../codegen/emitter.ts";
import { runPiece } from "../codegen/tasks.ts";
import { forLoop, local } from "../encoder/control.ts";
import { i32 } from "../encoder/opcodes.ts";

export class BackwardsBackend extends WasmBackend {
  protected override async divide({ module, distributor }: Emitter): Promise<undefined> {
    if (distributor === undefined) return;
    const index = distributor.local("i32");
    const fromEnd = i32.sub(i32.sub(local.get(1), i32.const(1)), local.get(index));
    distributor.emit(forLoop({ index, start: 0, limit: local.get(1) }, runPiece(module, local.get(0), fromEnd)));
  }
}
