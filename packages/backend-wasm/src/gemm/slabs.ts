// Long products in f32: slabs of k one after the other, added up in f64.
import { advance, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { call, forLoop, local } from "../encoder/control.ts";
import { cover } from "../encoder/cover.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32, memory } from "../encoder/opcodes.ts";
import { totalsOf } from "../routines/totals.ts";
import { type Addresses, type Layout, slab } from "./problem.ts";

/** Elements of C with totals at a time: 32 MiB of them. Rows of A beyond are not those of its panels. */
export const mostTotals = 2 ** 22;

/** Rows of C at a time. */
function rowsAtOnce({ m, n, tileRows }: Layout): number {
  return Math.min(m, Math.max(1, Math.floor(mostTotals / n / tileRows)) * tileRows);
}

const totalsBytes = (layout: Layout): number => Math.ceil((8 * rowsAtOnce(layout) * layout.n) / 64) * 64;

/** Bytes of scratch: the totals, then what a slab needs. */
export const slabsScratch = (layout: Layout, scratchOf: (part: Layout) => number): number =>
  totalsBytes(layout) + scratchOf({ ...layout, m: rowsAtOnce(layout), k: slab });

/**
 * One product between the addresses in locals.
 *
 * @param product the function `(a, b, c, scratch)` for a part of the problem
 */
export function slabs(
  fn: FunctionBuilder,
  layout: Layout,
  { a, b, c, scratch }: Addresses,
  product: (part: Layout) => number,
): Code {
  const { m, n, k, size, aRow, aColumn, bRow, cRow, accumulate } = layout;
  const [row, step, left, target, total, single, line] = fn.locals("i32", 7);
  const get = local.get;
  const passes = totalsOf(fn, total, single);
  /** Rows of C that lie apart are passed one by one. */
  const pass = (each: (elements: number) => Code, count: number): Code => [
    local.set(total, get(scratch)),
    local.set(single, get(target)),
    cRow === n * size
      ? each(count * n)
      : forLoop({ index: line, start: 0, limit: count }, [each(n), advance(total, 8 * n), advance(single, cRow)]),
  ];
  const rows = (count: number): Code => {
    const add = pass(passes.add, count);
    return [
      local.set(target, plus(get(c), [get(row), cRow])),
      local.set(left, plus(get(a), [get(row), aRow])),
      accumulate ? pass(passes.start, count) : memory.fill(get(scratch), i32.const(0), i32.const(8 * count * n)),
      cover(fn, step, k, k, slab, (depth) => {
        const part = product({ ...layout, m: count, k: depth, accumulate: false });
        const spare = i32.add(get(scratch), i32.const(totalsBytes(layout)));
        return [
          call(part, plus(get(left), [get(step), aColumn]), plus(get(b), [get(step), bRow]), get(target), spare),
          add,
        ];
      }),
      pass(passes.finish, count),
    ];
  };
  const code = cover(fn, row, m, m, rowsAtOnce(layout), rows);
  fn.release(row, step, left, target, total, single, line);
  return code;
}
