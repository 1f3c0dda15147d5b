// Constants kept in locals: in a loop they cost a register or a load instead of several instructions each.
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";

/** Gathers the vector constants of a loop. Place `code()` before the loop once its body is complete. */
export class Constants {
  private readonly fn: FunctionBuilder;
  private readonly locals = new Map<string, { readonly index: number; readonly value: Code }>();

  constructor(fn: FunctionBuilder) {
    this.fn = fn;
  }

  /** Reads a constant; equal constants share a local. Pass it as `constant` to `MathLibrary.inline`. */
  readonly get = (value: Code): Code => {
    const key = String(value);
    let entry = this.locals.get(key);
    if (entry === undefined) {
      entry = { index: this.fn.ownLocal("v128"), value };
      this.locals.set(key, entry);
    }
    return local.get(entry.index);
  };

  /** Sets the locals. */
  code(): Code {
    return [...this.locals.values()].map(({ index, value }) => local.set(index, value));
  }
}
