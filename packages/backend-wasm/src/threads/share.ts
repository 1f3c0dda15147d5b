// Threads for one program: the code they meet in, and the pool that runs it. Loaded with the first program whose kernels are divided.
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { addServing, emitSharing, type Meeting, type Signals } from "./distribute.ts";
import { type SharedProgram, shareProgram } from "./pool.ts";

export { controlBytes } from "./control.ts";
export { startThreads } from "./pool.ts";

/** Writes the code of the distributor `(task, count)` and of workers. */
export function share(
  module: ModuleBuilder,
  distributor: FunctionBuilder,
  signals: Signals,
  memory: WebAssembly.Memory,
  { address, threads }: Omit<Meeting, "thread">,
): SharedProgram {
  const meeting = { address, threads, thread: module.exportGlobal("thread") };
  addServing(module, meeting, emitSharing(module, distributor, meeting, signals));
  return shareProgram(memory, address, threads);
}
