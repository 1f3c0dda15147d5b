// Few rows times the rows of B: dot products along k, four rows of B at a time.
import { advance, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { forLoop, local, select, when } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i32 } from "../encoder/opcodes.ts";
import { shuffleLanes } from "./pack.ts";
import { type Addresses, type Layout, longestChain, type ProductOptions } from "./problem.ts";
import { loadLanes, storeResult, widthsOf } from "./tile.ts";

const group = 4;

/** The whole product, between the addresses in the locals `a`, `b`, `c`. */
export function dots(
  fn: FunctionBuilder,
  layout: Layout,
  options: ProductOptions,
  { a, b, c, batch }: Addresses,
): Code {
  const { m, n, k, size, lanes, aRow, bColumn, cRow, dtype } = layout;
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
  const onward = [left, right].map((pointer) => advance(pointer, 16));
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
  const clear = sums.map((sum) => local.set(sum, splat(0)));
  const put = (rows: number, how: Partial<typeof store> = {}): Code =>
    widthsOf(rows, lanes).map((width, v) => storeResult({ ...store, ...how }, sums[v * lanes]!, width, 0, v));
  const join = (rows: number): Code => widthsOf(rows, lanes).map((_, v) => reduce(v * lanes));
  const whole = k - (k % lanes);
  const end = k % lanes;
  const length = dtype === "f32" ? longestChain * lanes : k;
  // Chains of additions end after `length` steps of k, and each is added to C. The odd end goes with the last.
  const row = (rows: number): Code => {
    const along = (start: Code | number, limit: Code | number): Code =>
      forLoop({ index: step, start, limit, step: lanes }, [products(rows, lanes), onward]);
    const last = end === 0 ? [] : products(rows, end);
    if (k <= 1.5 * length) return [clear, along(0, whole), last, join(rows), put(rows)];
    const start = fn.ownLocal("i32");
    const limit = i32.add(get(start), i32.const(length));
    const least = select(limit, i32.const(whole), i32.lt_u(limit, i32.const(whole)));
    return [
      layout.accumulate ? [] : [clear, put(rows)],
      forLoop({ index: start, start: 0, limit: whole, step: length }, [
        clear,
        along(get(start), least),
        when(i32.eq(get(step), i32.const(whole)), last),
        join(rows),
        put(rows, { accumulate: true }),
      ]),
    ];
  };
  const columns = (rows: number): Code => [
    local.set(left, plus(get(a), [get(i), aRow])),
    local.set(right, plus(get(b), [get(j), bColumn])),
    local.set(result, plus(get(c), [get(i), cRow], [get(j), size])),
    row(rows),
  ];
  const rest = n % group;
  const code = forLoop({ index: i, start: 0, limit: m }, [
    n < group ? [] : forLoop({ index: j, start: 0, limit: n - rest, step: group }, columns(group)),
    rest === 0 ? [] : [local.set(j, i32.const(n - rest)), columns(rest)],
  ]);
  fn.release(i, j, step, left, right, result, operand, ...sums);
  return code;
}
