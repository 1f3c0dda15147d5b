// Few rows times the rows of B: dot products along k, four rows of B at a time.
import type { Code } from "../encoder/code.ts";
import { forLoop, local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i32 } from "../encoder/opcodes.ts";
import { shuffleLanes } from "./pack.ts";
import type { Addresses, GemmOptions, Layout } from "./problem.ts";
import { loadLanes, storeResult, widthsOf } from "./tile.ts";

const group = 4;

/** The whole product, between the addresses in the locals `a`, `b`, `c`. */
export function dots(fn: FunctionBuilder, layout: Layout, options: GemmOptions, { a, b, c, batch }: Addresses): Code {
  const { m, n, k, size, lanes, aRow, bColumn, dtype } = layout;
  const [i, j, step, left, right, result] = fn.locals("i32", 6);
  const operand = fn.local("v128");
  const sums = Array.from({ length: group }, () => fn.local("v128"));
  const { add, mul, const: splat, relaxed_madd } = dtype === "f32" ? f32x4 : f64x2;
  const get = local.get;
  const store = { fn, layout, options, accumulate: layout.accumulate, c: result, row: get(i), column: get(j), batch };

  const products = (rows: number, width: number): Code => [
    local.set(operand, loadLanes(size, width, get(left), 0)),
    sums.slice(0, rows).map((sum, r) => {
      const pair = [get(operand), loadLanes(size, width, get(right), r * bColumn)] as const;
      return local.set(sum, options.relaxed ? relaxed_madd(...pair, get(sum)) : add(mul(...pair), get(sum)));
    }),
  ];
  const onward = [left, right].map((pointer) => local.set(pointer, i32.add(get(pointer), i32.const(16))));
  // The sums of the lanes of neighbouring vectors, side by side.
  const reduce = (first: number): Code => {
    const join = (pattern: readonly number[], x: Code, y: Code): Code => shuffleLanes(size, pattern, x, y);
    const fold = (low: readonly number[], high: readonly number[], x: number, y: number): Code =>
      local.set(x, add(join(low, get(x), get(y)), join(high, get(x), get(y))));
    const [s0, s1, s2, s3] = sums.slice(first) as [number, number, number, number];
    if (lanes === 2) return fold([0, 2], [1, 3], s0, s1);
    return [
      fold([0, 4, 1, 5], [2, 6, 3, 7], s0, s1),
      fold([0, 4, 1, 5], [2, 6, 3, 7], s2, s3),
      fold([0, 1, 4, 5], [2, 3, 6, 7], s0, s2),
    ];
  };
  const columns = (rows: number): Code => [
    sums.map((sum) => local.set(sum, splat(0))),
    local.set(left, i32.add(get(a), i32.mul(get(i), i32.const(aRow)))),
    local.set(right, i32.add(get(b), i32.mul(get(j), i32.const(bColumn)))),
    local.set(result, i32.add(get(c), i32.mul(i32.add(i32.mul(get(i), i32.const(n)), get(j)), i32.const(size)))),
    forLoop({ index: step, start: 0, limit: k - (k % lanes), step: lanes }, [products(rows, lanes), onward]),
    k % lanes === 0 ? [] : products(rows, k % lanes),
    widthsOf(rows, lanes).map((width, v) => [reduce(v * lanes), storeResult(store, sums[v * lanes]!, width, 0, v)]),
  ];
  const rest = n % group;
  const code = forLoop({ index: i, start: 0, limit: m }, [
    n < group ? [] : forLoop({ index: j, start: 0, limit: n - rest, step: group }, columns(group)),
    rest === 0 ? [] : [local.set(j, i32.const(n - rest)), columns(rest)],
  ]);
  fn.release(i, j, step, left, right, result, operand, ...sums);
  return code;
}
