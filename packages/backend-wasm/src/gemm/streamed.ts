// Few rows times a large B, which is read where it lies, once: a few of its rows at a time, all tiles before the next ones. Sums wait in scratch memory
// between two visits, so that every result has the bits that it has among more rows.
import { plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { forLoop, local, when } from "../encoder/control.ts";
import { cover } from "../encoder/cover.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32, memory } from "../encoder/opcodes.ts";
import { fewestAhead, loadAhead } from "./ahead.ts";
import { type Addresses, type Layout, longestChain, type ProductOptions } from "./problem.ts";
import { loadLanes, type Sums, storeLanes, tiles, type Waiting } from "./tile.ts";

/**
 * Steps of k that all tiles take before the next ones: rows of B whose lines stay in the first-level cache until the tile beside has read the rest of them,
 * also where rows are 1 KiB apart and share few sets of it. A part of a chain.
 */
const steps = 8;

/** Bytes of scratch: sums that wait. */
export const streamedScratch = ({ m, n, size }: Layout): number => m * n * size;

/** The whole product, between the addresses in the locals `a`, `b`, `c`. */
export function streamed(
  fn: FunctionBuilder,
  layout: Layout,
  options: ProductOptions,
  { a, b, c, scratch, batch }: Addresses,
): Code {
  const { m, n, k, size, dtype, aRow, aColumn, bRow, cRow } = layout;
  const [i, j, p, tileA, tileB, tileC, at] = fn.locals("i32", 7);
  const get = local.get;
  const place: Code = [
    local.set(tileA, plus(get(a), [get(i), aRow], [get(p), aColumn])),
    local.set(tileB, plus(get(b), [get(j), size], [get(p), bRow])),
    local.set(tileC, plus(get(c), [get(i), cRow], [get(j), size])),
    local.set(at, plus(get(scratch), [get(i), n * size], [get(j), size])),
  ];
  // As chains of tiles that take all of k at once.
  const inChains = dtype === "f32" && k > 1.5 * longestChain;
  const withinChain = (step: Code): Code => i32.and(step, i32.const(longestChain - 1));
  const tiling = { fn, layout, options, aRow, aColumn, bRow, a: tileA, b: tileB, c: tileC, padded: false };
  const where = { row: get(i), column: get(j), batch };
  const next = (depth: number): Code => i32.add(get(p), i32.const(depth));
  const ahead = (depth: number): Code =>
    when(
      i32.lt_s(next(depth), i32.const(k - steps + 1)),
      loadAhead({ first: plus(get(b), [next(depth), bRow]), count: steps, bytes: n * size, stride: bRow }, [
        i,
        j,
        tileB,
      ]),
    );
  const atWaiting = ({ locals, widths }: Sums, each: (sum: number, width: number, offset: number) => Code): Code =>
    locals.map((ofRow, r) => ofRow.map((sum, v) => each(sum, widths[v]!, r * n * size + 16 * v)));
  const load = (sum: number, width: number, offset: number): Code =>
    local.set(sum, loadLanes(size, width, get(at), offset));
  const keep = (sum: number, width: number, offset: number): Code => storeLanes(size, width, get(at), sum, offset);
  const code = cover(fn, p, k, k, steps, (depth) => {
    const last = i32.eq(next(depth), i32.const(k));
    const unfinished = i32.ne(next(depth), i32.const(k));
    const goOn = inChains ? withinChain(get(p)) : get(p);
    const again = inChains ? i32.and(unfinished, i32.ne(withinChain(next(depth)), i32.const(0))) : unfinished;
    const waiting: Waiting = {
      begin: (sums, zeros) => when(goOn, atWaiting(sums, load), zeros),
      end: (sums, stored) => when(again, atWaiting(sums, keep), stored),
    };
    const accumulate = inChains || layout.accumulate;
    return [
      m < fewestAhead ? [] : ahead(depth),
      tiles({ ...tiling, ...where, waiting, depth, accumulate, last }, i, j, m, n, place),
    ];
  });
  const clear = forLoop({ index: i, start: 0, limit: m }, [
    memory.fill(plus(get(c), [get(i), cRow]), i32.const(0), i32.const(n * size)),
  ]);
  fn.release(i, j, p, tileA, tileB, tileC, at);
  return [inChains && !layout.accumulate ? clear : [], code];
}
