// What a reduction keeps in registers: how vectors are combined, and how sums of f32 stay true however many terms they have.
//
// A running sum in f32 loses up to half a unit in the last place at every addition. Vectors therefore run on for
// `longestChain` additions at most and then move into totals in f64: below 25 roundings of f32 for any sum.
import type { ReductionKernel } from "@hooke/plan";
import type { DType } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i8x16, i32x4 } from "../encoder/opcodes.ts";
import type { Lanes } from "./vector.ts";

export type ReductionName = ReductionKernel["node"]["primitive"];

/** Additions in f32 one after the other. */
export const longestChain = 16;

export function combine(name: ReductionName, dtype: DType, a: Code, b: Code): Code {
  if (dtype === "f32" || dtype === "f64") {
    const ops = dtype === "f32" ? f32x4 : f64x2;
    return name === "sum" ? ops.add(a, b) : ops[name](a, b);
  }
  if (name === "sum") return i32x4.add(a, b);
  return i32x4[`${name}_${dtype === "i32" ? "s" : "u"}`](a, b);
}

/** What leaves the other operand as it is. */
export function identity(name: ReductionName, dtype: DType): number {
  switch (name) {
    case "sum":
      return 0;
    case "max":
      return dtype === "i32" ? -2147483648 : dtype === "u32" ? 0 : -Infinity;
    case "min":
      return dtype === "i32" ? 2147483647 : dtype === "u32" ? 4294967295 : Infinity;
  }
}

const rotated = (bytes: number, value: number): Code =>
  i8x16.shuffle(
    Array.from({ length: 16 }, (_, i) => (i + bytes) % 16),
    local.get(value),
    local.get(value),
  );

/** Combines the lanes of a local into its lane 0. */
export function horizontal(name: ReductionName, dtype: DType, lanes: Lanes, value: number): Code {
  const step = (bytes: number): Code => local.set(value, combine(name, dtype, local.get(value), rotated(bytes, value)));
  if (dtype === "f64") return step(8);
  return lanes === 4 ? [step(8), step(4)] : step(4);
}

/** Totals in f64 of the lanes of one vector of f32. */
export class Totals {
  private readonly lanes: Lanes;
  private readonly low: number;
  private readonly high: number;

  constructor(fn: FunctionBuilder, lanes: Lanes) {
    this.lanes = lanes;
    this.low = fn.local("v128");
    this.high = lanes === 4 ? fn.local("v128") : this.low;
  }

  begin(): Code {
    return [...new Set([this.low, this.high])].map((total) => local.set(total, f64x2.const(0)));
  }

  /** Moves the vector in a local into the totals and leaves zeros. */
  take(vector: number): Code {
    const add = (total: number, half: Code): Code =>
      local.set(total, f64x2.add(local.get(total), f64x2.promote_low_f32x4(half)));
    return [
      add(this.low, local.get(vector)),
      this.lanes === 4 ? add(this.high, rotated(8, vector)) : [],
      local.set(vector, f32x4.const(0)),
    ];
  }

  /** Sets a local to the totals, lane by lane, as f32. */
  narrow(vector: number): Code {
    const low = f32x4.demote_f64x2_zero(local.get(this.low));
    if (this.lanes === 2) return local.set(vector, low);
    const high = f32x4.demote_f64x2_zero(local.get(this.high));
    return local.set(vector, i8x16.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23], low, high));
  }

  /** Sets lane 0 of a local to the sum of all totals, as f32. */
  narrowSum(vector: number): Code {
    const { low, high } = this;
    return [
      high === low ? [] : local.set(low, f64x2.add(local.get(low), local.get(high))),
      horizontal("sum", "f64", 2, low),
      local.set(vector, f32x4.demote_f64x2_zero(local.get(low))),
    ];
  }
}
