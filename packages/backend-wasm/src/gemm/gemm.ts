// Matrix products of fixed size. Small ones run from registers without copies; large ones in packed blocks.
import { advance, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { call, forLoop, local } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { addPack } from "./pack.ts";
import { type Addresses, type GemmProblem, inSlabs, type Layout, layoutOf, type ProductOptions } from "./problem.ts";
import { tiles } from "./tile.ts";

type LargeProducts = typeof import("./large.ts");

export interface GemmOptions extends ProductOptions {
  /** What products need that have a large operand. */
  readonly large?: LargeProducts | undefined;
}

/** Bytes of scratch memory a problem needs; 0 for most small ones. */
export function gemmScratch(problem: GemmProblem, { wide, large }: Pick<GemmOptions, "wide" | "large">): number {
  const layout = layoutOf(problem, { wide });
  const whole = (part: Layout): number => scratchOf(part, large);
  return inSlabs(layout, {}) ? large!.slabsScratch(layout, whole) : whole(layout);
}

function scratchOf(layout: Layout, large: LargeProducts | undefined): number {
  if (layout.strategy === "blocked") return large!.blockedScratch(layout);
  if (layout.strategy === "streamed") return large!.streamedScratch(layout);
  if (layout.strategy === "packed" && !layout.panels.b) return packedColumns(layout) * layout.k * layout.size;
  return 0;
}

const packedColumns = ({ n, tileColumns }: Layout): number => Math.ceil(n / tileColumns) * tileColumns;

/**
 * Adds `(a, b, c, scratch: i32)`, addresses in bytes, and returns the function's index. Never reads or writes out of the
 * operands. A sum of f32 of any length is off by less than 2e-6 of the sum of its absolute terms.
 */
export function addGemm(module: ModuleBuilder, problem: GemmProblem, options: GemmOptions): number {
  const layout = layoutOf(problem, options);
  const { m, n, batch } = layout;
  const fn = module.addFunction(["i32", "i32", "i32", "i32"]);
  if (m === 0 || n === 0 || batch.count === 0) return fn.index;
  const addresses = addressesIn(layout, fn);
  if (!inSlabs(layout, options)) {
    emitProducts(module, fn, layout, options, addresses);
    return fn.index;
  }
  const one = { count: 1, strideA: 0, strideB: 0, strideC: 0 };
  const each = options.large!.slabs(fn, layout, addresses, (part) => {
    const inner = module.addFunction(["i32", "i32", "i32", "i32"]);
    // Where the operands change places, they have done so already.
    emitProducts(module, inner, { ...part, batch: one }, options, addressesIn({ swapped: false }, inner));
    return inner.index;
  });
  fn.emit(repeated(layout, addresses, [], each));
  return fn.index;
}

interface Operands extends Addresses {
  readonly index: number;
}

function addressesIn({ swapped }: Pick<Layout, "swapped">, fn: FunctionBuilder): Operands {
  const index = fn.local("i32");
  return { a: swapped ? 1 : 0, b: swapped ? 0 : 1, c: 2, scratch: 3, index, batch: local.get(index) };
}

/** All products of a batch by the layout's strategy. */
function emitProducts(
  module: ModuleBuilder,
  fn: FunctionBuilder,
  layout: Layout,
  options: GemmOptions,
  addresses: Operands,
): void {
  const { strategy, batch } = layout;
  const small = (): [before: Code, each: Code] => {
    const packs = strategy === "packed" && !layout.panels.b;
    const pack = packs ? packCall(module, layout, addresses.b, addresses.scratch) : [];
    const product = smallProduct(fn, layout, options, addresses);
    return batch.strideB === 0 ? [pack, product] : [[], [pack, product]];
  };
  const [before, each]: [Code, Code] =
    strategy === "dots" || strategy === "streamed"
      ? [[], options.large![strategy](fn, layout, options, addresses)]
      : strategy === "blocked"
        ? [[], options.large!.blocked(module, fn, layout, options, addresses)]
        : small();
  fn.emit(repeated(layout, addresses, before, each));
}

/** `each` for every product of the batch, whose addresses move along. */
function repeated({ batch }: Layout, { a, b, c, index }: Operands, before: Code, each: Code): Code {
  const onward = (pointer: number, bytes: number): Code => (bytes === 0 ? [] : advance(pointer, bytes));
  const next = [onward(a, batch.strideA), onward(b, batch.strideB), onward(c, batch.strideC)];
  return [before, forLoop({ index, start: 0, limit: batch.count }, [each, batch.count === 1 ? [] : next])];
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
  const { n, k, size, aRow, aColumn, cRow, tileColumns } = layout;
  const packed = layout.strategy === "packed";
  const [i, j, tileA, tileB, tileC] = fn.locals("i32", 5);
  const get = local.get;
  const place: Code = [
    local.set(tileA, plus(get(a), [get(i), aRow])),
    local.set(
      tileB,
      packed ? plus(get(layout.panels.b ? b : scratch), [get(j), k * size]) : plus(get(b), [get(j), size]),
    ),
    local.set(tileC, plus(get(c), [get(i), cRow], [get(j), size])),
  ];
  const tiling = {
    fn,
    layout,
    options,
    aRow,
    aColumn,
    bRow: packed ? tileColumns * size : layout.bRow,
    padded: packed,
    depth: k,
    accumulate: layout.accumulate,
    a: tileA,
    b: tileB,
    c: tileC,
    row: get(i),
    column: get(j),
    batch,
  };
  const code = tiles(tiling, i, j, layout.m, n, place);
  fn.release(i, j, tileA, tileB, tileC);
  return code;
}
