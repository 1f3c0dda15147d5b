// Matrix products of fixed size. Small ones run from registers without copies; large ones in packed blocks.
import type { Code } from "../encoder/code.ts";
import { call, forLoop, local } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { blocked, blockedScratch } from "./blocked.ts";
import { dots } from "./dots.ts";
import { addPack } from "./pack.ts";
import { type Addresses, type GemmOptions, type GemmProblem, type Layout, layoutOf } from "./problem.ts";
import { tiles } from "./tile.ts";

/** Bytes of scratch memory a problem needs; 0 for most small ones. */
export function gemmScratch(problem: GemmProblem): number {
  const layout = layoutOf(problem);
  if (layout.strategy === "blocked") return blockedScratch(layout);
  if (layout.strategy === "packed") return packedColumns(layout) * layout.k * layout.size;
  return 0;
}

const packedColumns = ({ n, tileColumns }: Layout): number => Math.ceil(n / tileColumns) * tileColumns;

/** Adds `(a, b, c, scratch: i32)`, addresses in bytes, and returns the function's index. Never reads or writes out of the operands. */
export function addGemm(module: ModuleBuilder, problem: GemmProblem, options: GemmOptions): number {
  const fn = module.addFunction(["i32", "i32", "i32", "i32"]);
  const layout = layoutOf(problem);
  const { m, n, batch, swapped } = layout;
  if (m === 0 || n === 0 || batch.count === 0) return fn.index;
  const [a, b, c, scratch, index] = [swapped ? 1 : 0, swapped ? 0 : 1, 2, 3, fn.local("i32")] as const;
  const addresses = { a, b, c, scratch, batch: local.get(index) };
  const advance = (pointer: number, bytes: number): Code =>
    bytes === 0 ? [] : local.set(pointer, i32.add(local.get(pointer), i32.const(bytes)));
  const small = (): [before: Code, each: Code] => {
    const pack = layout.strategy === "packed" ? packCall(module, layout, b, scratch) : [];
    const product = smallProduct(fn, layout, options, addresses);
    return batch.strideB === 0 ? [pack, product] : [[], [pack, product]];
  };
  const [before, each]: [Code, Code] =
    layout.strategy === "dots"
      ? [[], dots(fn, layout, options, addresses)]
      : layout.strategy === "blocked"
        ? [[], blocked(module, fn, layout, options, addresses)]
        : small();
  const next = [advance(a, batch.strideA), advance(b, batch.strideB), advance(c, batch.strideC)];
  fn.emit(before, forLoop({ index, start: 0, limit: batch.count }, [each, batch.count === 1 ? [] : next]));
  return fn.index;
}

function packCall(module: ModuleBuilder, layout: Layout, b: number, scratch: number): Code {
  const { size, tileColumns, bColumn, bRow, n, k } = layout;
  const pack = addPack(module, { size, width: tileColumns, across: bColumn, along: bRow });
  return call(pack, local.get(b), local.get(scratch), i32.const(n), i32.const(k));
}

/** All tiles with A where it lies, and B where it lies or in panels. */
function smallProduct(
  fn: FunctionBuilder,
  layout: Layout,
  options: GemmOptions,
  { a, b, c, scratch, batch }: Addresses,
): Code {
  const { n, k, size, aRow, aColumn, tileColumns } = layout;
  const packed = layout.strategy === "packed";
  const [i, j, tileA, tileB, tileC] = fn.locals("i32", 5);
  const get = local.get;
  const at = (base: number, index: Code, bytes: number): Code => i32.add(get(base), i32.mul(index, i32.const(bytes)));
  const place: Code = [
    local.set(tileA, at(a, get(i), aRow)),
    local.set(tileB, packed ? at(scratch, get(j), k * size) : at(b, get(j), size)),
    local.set(tileC, at(c, i32.add(i32.mul(get(i), i32.const(n)), get(j)), size)),
  ];
  const tiling = {
    ...{ fn, layout, options, aRow, aColumn, bRow: packed ? tileColumns * size : layout.bRow, padded: packed },
    ...{ depth: k, accumulate: layout.accumulate, a: tileA, b: tileB, c: tileC, row: get(i), column: get(j), batch },
  };
  const code = tiles(tiling, i, j, layout.m, n, place);
  fn.release(i, j, tileA, tileB, tileC);
  return code;
}
