// Few rows times a large B, which is read where it lies, once: a few of its rows at a time, all tiles before the next ones.
import { plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { local, when } from "../encoder/control.ts";
import { cover } from "../encoder/cover.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { fewestAhead, loadAhead } from "./ahead.ts";
import { type Addresses, type Layout, type ProductOptions, stepsAtOnce } from "./problem.ts";
import { tiles } from "./tile.ts";

/** The whole product, between the addresses in the locals `a`, `b`, `c`. */
export function streamed(
  fn: FunctionBuilder,
  layout: Layout,
  options: ProductOptions,
  { a, b, c, batch }: Addresses,
): Code {
  const { m, n, k, size, aRow, aColumn, bRow, cRow } = layout;
  const steps = stepsAtOnce(layout);
  const [i, j, p, tileA, tileB, tileC] = fn.locals("i32", 6);
  const get = local.get;
  const place: Code = [
    local.set(tileA, plus(get(a), [get(i), aRow], [get(p), aColumn])),
    local.set(tileB, plus(get(b), [get(j), size], [get(p), bRow])),
    local.set(tileC, plus(get(c), [get(i), cRow], [get(j), size])),
  ];
  const tiling = { fn, layout, options, aRow, aColumn, bRow, a: tileA, b: tileB, c: tileC };
  const where = { padded: false, row: get(i), column: get(j), batch };
  const next = (depth: number): Code => plus(get(b), [i32.add(get(p), i32.const(depth)), bRow]);
  const ahead = (depth: number): Code =>
    when(
      i32.lt_s(get(p), i32.const(k - depth - steps + 1)),
      loadAhead({ first: next(depth), count: steps, bytes: n * size, stride: bRow }, [i, j, tileB]),
    );
  const code = cover(fn, p, k, k, steps, (depth) => {
    const accumulate = layout.accumulate || get(p);
    const last = i32.eq(get(p), i32.const(k - depth));
    return [
      m < fewestAhead ? [] : ahead(depth),
      tiles({ ...tiling, ...where, depth, accumulate, last }, i, j, m, n, place),
    ];
  });
  fn.release(i, j, p, tileA, tileB, tileC);
  return code;
}
