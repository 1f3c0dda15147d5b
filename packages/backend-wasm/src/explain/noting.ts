// An emitter that remembers into how many pieces kernels are divided.

import { Emitter, type Together } from "../codegen/emitter.ts";
import type { Code } from "../encoder/code.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import type { Kernel } from "../plan/kernel.ts";

export class NotingEmitter extends Emitter {
  /** Of divided kernels: where they are computed in several turns, of the one with the most. */
  readonly divided = new Map<Kernel, number>();

  override pieces(count: number | Code, build: (fn: FunctionBuilder, piece: Code) => void, whole?: Together): Code {
    const kernel = this.current;
    if (whole === undefined && kernel !== undefined && typeof count === "number") {
      this.divided.set(kernel, Math.max(count, this.divided.get(kernel) ?? 0));
    }
    return super.pieces(count, build, whole);
  }

  /** The kernel whose code is being written. */
  protected get current(): Kernel | undefined {
    return [...this.kernels.values()].at(-1);
  }
}
