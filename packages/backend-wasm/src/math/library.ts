// Vector functions on demand: as functions of a module, or as code inside a loop.
import type { Code } from "../encoder/code.ts";
import { call, local } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { type MathFunctions, type MathName, ofTwo } from "./functions.ts";
import { type FloatType, Lanes } from "./lanes.ts";

export interface InlineOptions {
  /** Where constants come from, for loops that keep them in locals. Default: the constants themselves. */
  readonly constant?: (value: Code) => Code;
}

/** The vector functions of one module. Every function takes and gives f32x4 or f64x2. */
export class MathLibrary {
  private readonly module: ModuleBuilder;
  private readonly relaxed: boolean;
  private readonly bodies: MathFunctions;

  /**
   * @param relaxed whether the engine has relaxed SIMD (`hasRelaxedSimd`)
   * @param bodies the functions there are
   */
  constructor(module: ModuleBuilder, relaxed: boolean, bodies: MathFunctions) {
    this.module = module;
    this.relaxed = relaxed;
    this.bodies = bodies;
  }

  /** The index of a function `(v128) -> v128`, or `(v128, v128) -> v128` for those of two operands; added at first use. */
  function(name: MathName, dtype: FloatType): number {
    return this.module.share(`${name} ${dtype}`, () => {
      const params = new Array(Object.hasOwn(ofTwo, name) ? 2 : 1).fill("v128");
      const fn = this.module.addFunction(params, ["v128"]);
      fn.emit(
        this.inline(
          fn,
          name,
          dtype,
          params.map((_, i) => local.get(i)),
        ),
      );
      return fn.index;
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
    const shared = (add: (module: ModuleBuilder) => FunctionBuilder, ...values: readonly Code[]): Code =>
      call(
        this.module.share(add, () => add(this.module).index),
        ...values,
      );
    return Lanes.expression(fn, dtype, { ...options, relaxed: this.relaxed, shared }, operands, this.bodies[name]!);
  }
}
