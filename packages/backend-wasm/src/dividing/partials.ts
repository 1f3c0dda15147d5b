// Partial sums that pieces leave side by side, added up in their order.
import type { DType } from "@hooke/runtime";
import type { Emitter } from "../codegen/emitter.ts";
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i32 } from "../encoder/opcodes.ts";
import { shuffleLanes } from "../gemm/pack.ts";
import { addVectors, mapRow } from "../routines/rows.ts";

/** Bytes from one piece's partial sums to the next one's. */
export const partialStride = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Code that combines the partial results of `pieces` pieces, of `count` elements each, into a target. Sums of f32 are added in f64. */
export function combinePartials(
  emitter: Emitter,
  fn: FunctionBuilder,
  { dtype, bytes, count, pieces }: { dtype: DType; bytes: number; count: number; pieces: number },
  target: Code,
  combine: (a: Code, b: Code) => Code = (a, b) => addVectors(dtype, a, b),
  sum = true,
): Code {
  const stride = partialStride(bytes);
  const partials = emitter.partials(pieces * stride);
  const rows = Array.from({ length: pieces }, () => ({ address: fn.local("i32"), dtype }));
  const result = { address: fn.local("i32"), dtype };
  const code = [
    rows.map(({ address }, i) => local.set(address, i32.add(partials, i32.const(i * stride)))),
    local.set(result.address, target),
    mapRow(fn, count, rows, [result], (...terms) => [
      sum && dtype === "f32" ? wideSum(terms) : terms.slice(1).reduce(combine, terms[0]!),
    ]),
  ];
  fn.release(...rows.map(({ address }) => address), result.address);
  return code;
}

/** The sum of vectors of f32, each the code of a local, in f64. */
function wideSum(terms: readonly Code[]): Code {
  const half = (lanes: readonly number[]): Code => {
    const wide = terms.map((term) => f64x2.promote_low_f32x4(shuffleLanes(4, lanes, term, term)));
    return f32x4.demote_f64x2_zero(wide.slice(1).reduce<Code>((total, term) => f64x2.add(total, term), wide[0]!));
  };
  return shuffleLanes(4, [0, 1, 4, 5], half([0, 1, 0, 1]), half([2, 3, 2, 3]));
}
