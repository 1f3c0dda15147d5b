// The code of a stage of kernels in blocks.
import type { Kernel, Plan, ScanKernel } from "@hooke/plan";
import type { Emitter } from "../codegen/emitter.ts";
import type { EmitKernel } from "../codegen/program.ts";
import type { Code } from "../encoder/code.ts";
import { call, local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { emitPanelsOfBlocks } from "./panels.ts";

/** Each block is a piece, which goes through all kernels: of each a function of the block's number. */
export function emitBlocks(
  emitter: Emitter,
  fn: FunctionBuilder,
  plan: Plan,
  kernels: readonly Kernel[],
  count: number,
  emitKernel: EmitKernel,
): Code {
  const panels = emitPanelsOfBlocks(emitter, fn, plan, kernels, count);
  const write = (kernel: Kernel): FunctionBuilder => {
    const part = emitter.module.addFunction(["i32"]);
    emitter.kernels.set(part.index, kernel);
    const block = { count, piece: local.get(0) };
    emitter.inBlock(block, () => emitKernel(emitter, plan, kernel as Exclude<Kernel, ScanKernel>, part));
    part.seal();
    return part;
  };
  const pieces = emitter.pieces(
    count,
    (inner, piece) => inner.emit(kernels.map((kernel) => [call(write(kernel).index, piece), emitter.after(kernel)])),
    kernels,
  );
  return [panels, pieces];
}
