// Vector functions on demand: as functions of a module, or as code inside a loop.
import type { Code } from "../encoder/code.ts";
import { call, local } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { erf } from "./erf.ts";
import { exp, expm1, sigmoid, tanh } from "./exponential.ts";
import { type FloatType, Lanes } from "./lanes.ts";
import { log, log1p } from "./logarithm.ts";
import { pow } from "./power.ts";
import { addReduceLarge } from "./reduction.ts";
import { addRemainder } from "./remainder.ts";
import { cos, sin, tan } from "./trigonometric.ts";

const inlined = { exp, expm1, log, log1p, sin, cos, tan, tanh, sigmoid, erf, pow } as const;

/** `rem` exists as a function only. */
export type MathName = keyof typeof inlined | "rem";

export interface InlineOptions {
  /** Where constants come from, for loops that keep them in locals. Default: the constants themselves. */
  readonly constant?: (value: Code) => Code;
}

/** The vector functions of one module. Every function takes and gives f32x4 or f64x2. */
export class MathLibrary {
  private readonly module: ModuleBuilder;
  private readonly relaxed: boolean;
  private readonly functions = new Map<string, FunctionBuilder>();

  /** @param relaxed whether the engine has relaxed SIMD (`hasRelaxedSimd`) */
  constructor(module: ModuleBuilder, relaxed: boolean) {
    this.module = module;
    this.relaxed = relaxed;
  }

  /** The index of a function `(v128) -> v128`, or `(v128, v128) -> v128` for `pow` and `rem`; added at first use. */
  function(name: MathName, dtype: FloatType): number {
    return this.find(`${name}.${dtype}`, () => {
      if (name === "rem") return addRemainder(this.module, dtype);
      const params = new Array(inlined[name] === pow ? 2 : 1).fill("v128");
      const fn = this.module.addFunction(params, ["v128"]);
      fn.emit(
        this.inline(
          fn,
          name,
          dtype,
          params.map((_, i) => local.get(i)),
        ),
      );
      return fn;
    });
  }

  /** The code of a function applied to operands, inside `fn`. */
  inline(
    fn: FunctionBuilder,
    name: MathName,
    dtype: FloatType,
    operands: readonly Code[],
    options?: InlineOptions,
  ): Code {
    if (name === "rem") return call(this.function(name, dtype), ...operands);
    const body = inlined[name] as (lanes: Lanes, ...operands: readonly Code[]) => Code;
    const reduceLarge = (...values: readonly Code[]): Code =>
      call(
        this.find("reduceLarge", () => addReduceLarge(this.module)),
        ...values,
      );
    return Lanes.expression(fn, dtype, { ...options, relaxed: this.relaxed, reduceLarge }, operands, body);
  }

  private find(key: string, add: () => FunctionBuilder): number {
    const fn = this.functions.get(key) ?? add();
    this.functions.set(key, fn);
    return fn.index;
  }
}
