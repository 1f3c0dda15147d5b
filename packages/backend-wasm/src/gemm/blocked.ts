// Large products: blocks of B and A are packed so that a panel of B stays in the first-level cache and a block of A in the second.
import { least, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { call, codeOf, forLoop, local } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { addPack } from "./pack.ts";
import { type Addresses, block, type Layout, type ProductOptions } from "./problem.ts";
import { tiles } from "./tile.ts";

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** Block sizes in elements: whole tiles, and no larger than the problem. Where B lies in panels, a block has all of them. */
function blockSizes({ m, n, k, tileRows, tileColumns, panels }: Layout): { mc: number; nc: number; kc: number } {
  return {
    mc: roundUp(Math.min(block.m, m), tileRows),
    nc: roundUp(panels.b ? n : Math.min(block.n, n), tileColumns),
    kc: Math.min(block.k, k),
  };
}

export function blockedScratch(layout: Layout): number {
  const { mc, nc, kc } = blockSizes(layout);
  return ((layout.panels.a ? 0 : mc) + (layout.panels.b ? 0 : nc)) * kc * layout.size;
}

/** `(a, b, c, rows, columns, depth, row, column, accumulate, last, batch)`: one packed block of A times one of B. */
export function addBlockProduct(module: ModuleBuilder, layout: Layout, options: ProductOptions): FunctionBuilder {
  const fn = module.addFunction(new Array(11).fill("i32"));
  const [a, b, c, rows, columns, depth, row, column, accumulate, last, batch] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ] as const;
  const { size, cRow, tileRows, tileColumns } = layout;
  const get = local.get;
  const [i, j, tileA, tileB, tileC] = fn.locals("i32", 5);
  const panel = (base: number, index: number): Code => plus(get(base), [i32.mul(get(index), get(depth)), size]);
  const place: Code = [
    local.set(tileA, panel(a, i)),
    local.set(tileB, panel(b, j)),
    local.set(tileC, plus(get(c), [get(i), cRow], [get(j), size])),
  ];
  const tiling = {
    fn,
    layout,
    options,
    aRow: size,
    aColumn: tileRows * size,
    bRow: tileColumns * size,
    padded: true,
    ...{
      depth: { local: depth, most: blockSizes(layout).kc },
      accumulate: get(accumulate),
      last: get(last),
      a: tileA,
      b: tileB,
      c: tileC,
    },
    row: i32.add(get(row), get(i)),
    column: i32.add(get(column), get(j)),
    batch: get(batch),
  };
  fn.emit(tiles(tiling, i, j, { local: rows }, { local: columns }, place));
  return fn;
}

/**
 * Adds the routines of a layout once; the result is the code of one product between the addresses in locals. `extents` are of a part of the
 * problem that is chosen at run time; their code must be cheap.
 */
export function blocked(
  module: ModuleBuilder,
  fn: FunctionBuilder,
  layout: Layout,
  options: ProductOptions,
  { a, b, c, scratch, batch }: Addresses,
  { m, n, k }: Record<"m" | "n" | "k", number | Code> = layout,
): Code {
  const { size, aRow, aColumn, bRow, bColumn, panels } = layout;
  const { mc, nc, kc } = blockSizes(layout);
  const packA = panels.a ? -1 : addPack(module, { size, width: layout.tileRows, across: aRow, along: aColumn });
  const packB = panels.b ? -1 : addPack(module, { size, width: layout.tileColumns, across: bColumn, along: bRow });
  const product = addBlockProduct(module, layout, options);
  const [i, j, p, rows, columns, depth] = fn.locals("i32", 6);
  const get = local.get;
  const extent = (variable: number, index: number, total: number | Code, width: number): Code =>
    local.set(variable, least(i32.sub(codeOf(total), get(index)), i32.const(width)));
  const packedA = panels.a
    ? plus(get(a), [get(p), aColumn], [i32.mul(get(i), get(depth)), size])
    : i32.add(get(scratch), i32.const(panels.b ? 0 : nc * kc * size));
  const packedB = panels.b ? plus(get(b), [get(p), bRow]) : get(scratch);
  const target = plus(get(c), [get(i), layout.cRow], [get(j), size]);
  const accumulate = layout.accumulate ? i32.const(1) : get(p);
  const last = i32.ge_u(i32.add(get(p), i32.const(kc)), codeOf(k));
  return forLoop({ index: j, start: 0, limit: n, step: nc }, [
    extent(columns, j, n, nc),
    forLoop({ index: p, start: 0, limit: k, step: kc }, [
      extent(depth, p, k, kc),
      panels.b ? [] : call(packB, plus(get(b), [get(p), bRow], [get(j), bColumn]), packedB, get(columns), get(depth)),
      forLoop({ index: i, start: 0, limit: m, step: mc }, [
        extent(rows, i, m, mc),
        panels.a ? [] : call(packA, plus(get(a), [get(i), aRow], [get(p), aColumn]), packedA, get(rows), get(depth)),
        call(
          product.index,
          packedA,
          packedB,
          target,
          get(rows),
          get(columns),
          get(depth),
          get(i),
          get(j),
          accumulate,
          last,
          batch,
        ),
      ]),
    ]),
  ]);
}
