// Totals in f64 of sums that pass through arrays of f32.
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32, f32x4, f64, f64x2 } from "../encoder/opcodes.ts";
import { mapRow } from "./rows.ts";

/** So many additions of f32 to one number may follow each other: equal terms are off by 5e-7 at worst. More need totals. */
export const longestRun = 32;

/** Passes over totals in f64 and the elements of f32 they belong to, at addresses in locals; an odd last element goes alone. */
export function totalsOf(
  fn: FunctionBuilder,
  totals: number,
  singles: number,
): Record<"start" | "add" | "finish", (count: number) => Code> {
  const wide = { address: totals, dtype: "f64" } as const;
  const narrow = { address: singles, dtype: "f32" } as const;
  const get = local.get;
  const pass =
    (even: (count: number) => Code, last: (at: number) => Code) =>
    (count: number): Code => [even(count - (count % 2)), count % 2 === 0 ? [] : last(count - 1)];
  return {
    start: pass(
      (count) => mapRow(fn, count, [narrow], [wide], (value) => [f64x2.promote_low_f32x4(value!)]),
      (at) => f64.store(get(totals), f64.promote_f32(f32.load(get(singles), 4 * at)), 8 * at),
    ),
    add: pass(
      (count) =>
        mapRow(fn, count, [wide, narrow], [wide], (total, value) => [
          f64x2.add(total!, f64x2.promote_low_f32x4(value!)),
        ]),
      (at) => {
        const value = f64.promote_f32(f32.load(get(singles), 4 * at));
        return f64.store(get(totals), f64.add(f64.load(get(totals), 8 * at), value), 8 * at);
      },
    ),
    finish: pass(
      (count) => mapRow(fn, count, [wide], [narrow], (total) => [f32x4.demote_f64x2_zero(total!)]),
      (at) => f32.store(get(singles), f32.demote_f64(f64.load(get(totals), 8 * at)), 4 * at),
    ),
  };
}
