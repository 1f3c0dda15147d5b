// Few rows times the rows of B: dot products along k, of two rows with four of B at a time. B is read once, as all rows of A stay near.
import { advance, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { forLoop, local, select, when } from "../encoder/control.ts";
import { cover } from "../encoder/cover.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i32 } from "../encoder/opcodes.ts";
import { fewestAhead, loadAhead } from "./ahead.ts";
import { shuffleLanes } from "./pack.ts";
import { type Addresses, type Layout, longestChain, type ProductOptions } from "./problem.ts";
import { loadLanes, resultsOf, storeResults, widthsOf } from "./tile.ts";

/** Rows of A and of B of which all products are computed at the same time, in registers. */
const tile = { rows: 2, columns: 4 } as const;

/** The whole product, between the addresses in the locals `a`, `b`, `c`. */
export function dots(
  fn: FunctionBuilder,
  layout: Layout,
  options: ProductOptions,
  { a, b, c, batch }: Addresses,
): Code {
  const { m, n, k, size, lanes, aRow, bColumn, cRow, dtype } = layout;
  const [i, j, step, left, right, result] = fn.locals("i32", 6);
  const operands = Array.from({ length: tile.rows }, () => fn.local("v128"));
  const other = fn.local("v128");
  const sums = operands.map(() => Array.from({ length: tile.columns }, () => fn.local("v128")));
  const { add, mul, const: splat, relaxed_madd } = dtype === "f32" ? f32x4 : f64x2;
  const get = local.get;
  const store = { fn, layout, options, accumulate: layout.accumulate, c: result, row: get(i), column: get(j), batch };

  const products = (rows: number, columns: number, width: number): Code => [
    operands.slice(0, rows).map((operand, r) => local.set(operand, loadLanes(size, width, get(left), r * aRow))),
    Array.from({ length: columns }, (_, column) => [
      local.set(other, loadLanes(size, width, get(right), column * bColumn)),
      operands.slice(0, rows).map((operand, r) => {
        const sum = sums[r]![column]!;
        const pair = [get(operand), get(other)] as const;
        return local.set(sum, options.relaxed ? relaxed_madd(...pair, get(sum)) : add(mul(...pair), get(sum)));
      }),
    ]),
  ];
  const onward = [left, right].map((pointer) => advance(pointer, 16));
  // The sums of the lanes of neighbouring vectors, side by side.
  const reduce = (ofRow: readonly number[], first: number): Code => {
    const join = (pattern: readonly number[], x: Code, y: Code): Code => shuffleLanes(size, pattern, x, y);
    const fold = (low: readonly number[], high: readonly number[], x: number, y: number): Code =>
      local.set(x, add(join(low, get(x), get(y)), join(high, get(x), get(y))));
    const [s0, s1, s2, s3] = ofRow.slice(first) as [number, number, number, number];
    if (lanes === 2) return fold([0, 2], [1, 3], s0, s1);
    return [
      fold([0, 4, 1, 5], [2, 6, 3, 7], s0, s1),
      fold([0, 4, 1, 5], [2, 6, 3, 7], s2, s3),
      fold([0, 1, 4, 5], [2, 3, 6, 7], s0, s2),
    ];
  };
  const clear = sums.flat().map((sum) => local.set(sum, splat(0)));
  const put = (rows: number, columns: number, how: Partial<typeof store> = {}): Code =>
    storeResults(
      { ...store, ...how },
      resultsOf({
        locals: sums.slice(0, rows).map((ofRow) => ofRow.filter((_, column) => column % lanes === 0)),
        widths: widthsOf(columns, lanes),
      }),
    );
  const join = (rows: number, columns: number): Code =>
    sums.slice(0, rows).map((ofRow) => widthsOf(columns, lanes).map((_, v) => reduce(ofRow, v * lanes)));
  const whole = k - (k % lanes);
  const end = k % lanes;
  const length = dtype === "f32" ? longestChain * lanes : k;
  // Chains of additions end after `length` steps of k, and each is added to C. The odd end goes with the last.
  const sumsOf = (rows: number, columns: number): Code => {
    const along = (start: Code | number, limit: Code | number): Code =>
      forLoop({ index: step, start, limit, step: lanes }, [products(rows, columns, lanes), onward]);
    const last = end === 0 ? [] : products(rows, columns, end);
    if (k <= 1.5 * length) return [clear, along(0, whole), last, join(rows, columns), put(rows, columns)];
    const start = fn.ownLocal("i32");
    const limit = i32.add(get(start), i32.const(length));
    const least = select(limit, i32.const(whole), i32.lt_u(limit, i32.const(whole)));
    return [
      layout.accumulate ? [] : [clear, put(rows, columns)],
      forLoop({ index: start, start: 0, limit: whole, step: length }, [
        clear,
        along(get(start), least),
        when(i32.eq(get(step), i32.const(whole)), last),
        join(rows, columns),
        put(rows, columns, { accumulate: true }),
      ]),
    ];
  };
  const ahead = (columns: number): Code => {
    const first = plus(get(b), [i32.add(get(j), i32.const(columns)), bColumn]);
    return loadAhead({ first, count: tile.columns, bytes: k * size, stride: bColumn }, [i, step, right]);
  };
  const code = cover(fn, j, n, n, tile.columns, (columns) => [
    m < fewestAhead ? [] : when(i32.lt_s(get(j), i32.const(n - columns - tile.columns + 1)), ahead(columns)),
    cover(fn, i, m, m, tile.rows, (rows) => [
      local.set(left, plus(get(a), [get(i), aRow])),
      local.set(right, plus(get(b), [get(j), bColumn])),
      local.set(result, plus(get(c), [get(i), cRow], [get(j), size])),
      sumsOf(rows, columns),
    ]),
  ]);
  fn.release(i, j, step, left, right, result, other, ...operands, ...sums.flat());
  return code;
}
