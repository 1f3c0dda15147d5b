// What the engine offers, asked by validating a module of one function. Synchronous.

import { ModuleBuilder } from "./encoder/module.ts";
import { f32x4 } from "./encoder/opcodes.ts";

/** Whether the engine has relaxed SIMD, above all fused multiply-add. */
export function hasRelaxedSimd(): boolean {
  const module = new ModuleBuilder();
  const zero = f32x4.const(0);
  module.addFunction([], ["v128"]).emit(f32x4.relaxed_madd(zero, zero, zero));
  return WebAssembly.validate(module.toBytes());
}

/** Whether the engine has 128-bit vectors at all. */
export function hasSimd(): boolean {
  const module = new ModuleBuilder();
  module.addFunction([], ["v128"]).emit(f32x4.const(0));
  return WebAssembly.validate(module.toBytes());
}
