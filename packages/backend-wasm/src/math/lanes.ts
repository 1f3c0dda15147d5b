// Arithmetic on vectors of one float type: the vocabulary in which the functions of this folder are written once for f32 and f64.
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i8x16, i32x4, i64x2, v128 } from "../encoder/opcodes.ts";

export type FloatType = "f32" | "f64";

const layouts = {
  f32: { f: f32x4, i: i32x4, mantissaBits: 23, bias: 127 },
  f64: { f: f64x2, i: i64x2, mantissaBits: 52, bias: 1023 },
} as const;

export interface LanesOptions {
  /** Whether the engine has relaxed SIMD. */
  readonly relaxed: boolean;
  /** Where constants come from: a loop may keep them in locals. Default: the constant itself. */
  readonly constant?: (value: Code) => Code;
  /** Calls a function that `add` adds to the module once. */
  readonly shared: (add: (module: ModuleBuilder) => FunctionBuilder, ...operands: readonly Code[]) => Code;
}

/** The code that reads a local, and the local. */
export type Variable = Code & { readonly index: number };

export class Lanes {
  readonly dtype: FloatType;
  readonly f: typeof f32x4 | typeof f64x2;
  readonly i: typeof i32x4 | typeof i64x2;
  /** The bits of 1, and of the lane's exponent field. */
  readonly oneBits: bigint;
  readonly mantissaBits: number;
  readonly bias: number;
  readonly options: LanesOptions;
  private readonly fn: FunctionBuilder;
  private readonly statements: Code[];
  private readonly locals: number[];

  constructor(fn: FunctionBuilder, dtype: FloatType, options: LanesOptions, parent?: Lanes) {
    const { f, i, mantissaBits, bias } = layouts[dtype];
    this.fn = fn;
    this.dtype = dtype;
    this.f = f;
    this.i = i;
    this.mantissaBits = mantissaBits;
    this.bias = bias;
    this.oneBits = BigInt(bias) << BigInt(mantissaBits);
    this.options = options;
    this.statements = parent?.statements ?? [];
    this.locals = parent?.locals ?? [];
  }

  /** The same function and statements, seen as lanes of another type. */
  as(dtype: FloatType): Lanes {
    return dtype === this.dtype ? this : new Lanes(this.fn, dtype, this.options, this);
  }

  /** Evaluates now; the code returned reads the value and may be used many times. */
  let(value: Code): Variable {
    const index = this.fn.local("v128");
    this.locals.push(index);
    this.do(local.set(index, value));
    return Object.assign([...local.get(index)], { index });
  }

  /** Code that leaves nothing on the stack. */
  do(statement: Code): void {
    this.statements.push(statement);
  }

  /**
   * The code of `body` applied to operands. All operands are on the stack before the first local is written:
   * their code may use the same locals.
   */
  static expression(
    fn: FunctionBuilder,
    dtype: FloatType,
    options: LanesOptions,
    operands: readonly Code[],
    body: (lanes: Lanes, ...operands: readonly Code[]) => Code,
  ): Code {
    const lanes = new Lanes(fn, dtype, options);
    const indices = operands.map(() => fn.local("v128"));
    const result = body(lanes, ...indices.map(local.get));
    fn.release(...indices, ...lanes.locals);
    return [...operands, indices.map((index) => local.set(index)).reverse(), lanes.statements, result];
  }

  /** The same number in every lane. */
  number(value: number): Code {
    return this.constant(this.f.const(value));
  }

  /** The same bits in every lane. */
  bits(value: bigint): Code {
    return this.constant(this.dtype === "f32" ? i32x4.const(Number(BigInt.asIntN(32, value))) : i64x2.const(value));
  }

  /** The value for this type. */
  either<T>(f32: T, f64: T): T {
    return this.dtype === "f32" ? f32 : f64;
  }

  /** `a * b + c`, fused where the engine does. */
  madd(a: Code, b: Code, c: Code): Code {
    return this.options.relaxed ? this.f.relaxed_madd(a, b, c) : this.f.add(this.f.mul(a, b), c);
  }

  /** `c - a * b`, fused where the engine does. */
  nmadd(a: Code, b: Code, c: Code): Code {
    return this.options.relaxed ? this.f.relaxed_nmadd(a, b, c) : this.f.sub(c, this.f.mul(a, b));
  }

  /** Per lane: `a` where the mask is set, `b` elsewhere. */
  pick(mask: Code, a: Code, b: Code): Code {
    return this.options.relaxed ? this.i.relaxed_laneselect(a, b, mask) : v128.bitselect(a, b, mask);
  }

  /**
   * `c[0] + c[1] x + c[2] x^2 + ...`: one term after the other, or in pairs where there are many, so that half as many steps wait for each other.
   *
   * @param square `x * x`, where it is known
   */
  polynomial(x: Code, coefficients: readonly number[], square?: Code): Code {
    const sum = (terms: readonly Code[], by: Code): Code =>
      terms.reduceRight((rest, term) => this.madd(rest, by, term));
    const terms = coefficients.map((c) => this.number(c));
    if (terms.length < 5) return sum(terms, x);
    const pairs = terms.flatMap((_, k) => (k % 2 === 0 ? [sum(terms.slice(k, k + 2), x)] : []));
    return sum(pairs, square ?? this.let(this.f.mul(x, x)));
  }

  /** `x` between two numbers; NaN stays. */
  clamp(x: Code, low: number, high: number): Code {
    return this.f.pmin(this.f.pmax(x, this.number(low)), this.number(high));
  }

  /** `magnitude`, whose sign bit is clear or agrees, with the sign of `x`. */
  withSignOf(x: Code, magnitude: Code): Code {
    return v128.or(magnitude, v128.and(x, this.number(-0)));
  }

  private constant(value: Code): Code {
    return this.options.constant === undefined ? value : this.options.constant(value);
  }
}

const bytesOfLanes = (lanes: readonly number[]): number[] =>
  lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));

/** Selects four 32-bit lanes of two vectors: 0-3 of the first, 4-7 of the second. */
export const shuffle32 = (lanes: readonly number[], a: Code, b: Code): Code => i8x16.shuffle(bytesOfLanes(lanes), a, b);
