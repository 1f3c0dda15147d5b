// Integer functions that vectors lack, as scalar functions of a module. Total: a division by zero gives zero.
import type { Code, ValueType } from "../encoder/code.ts";
import { local, when } from "../encoder/control.ts";
import type { ModuleBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import type { IntegerFunction } from "./elementwise.ts";

const pair: readonly ValueType[] = ["i32", "i32"];
const a = /* @__PURE__ */ local.get(0);
const b = /* @__PURE__ */ local.get(1);

const guarded = (code: Code): Code => when(b, code, i32.const(0), "i32");

const bodies: Readonly<Record<IntegerFunction, () => Code>> = {
  // The one quotient that does not fit (-2^31 / -1) wraps.
  divS: () => guarded(when(i32.eq(b, i32.const(-1)), i32.sub(i32.const(0), a), i32.div_s(a, b), "i32")),
  divU: () => guarded(i32.div_u(a, b)),
  remS: () => guarded(i32.rem_s(a, b)),
  remU: () => guarded(i32.rem_u(a, b)),
  shl: () => i32.shl(a, b),
  shrS: () => i32.shr_s(a, b),
  shrU: () => i32.shr_u(a, b),
};

/** Adds a function `(i32, i32) -> i32` and returns its index. */
export function addInteger(module: ModuleBuilder, name: IntegerFunction): number {
  const fn = module.addFunction(pair, ["i32"]);
  fn.emit(bodies[name]());
  return fn.index;
}
