// Matrix products in pieces.
import { byteSize } from "@hooke/runtime";
import type { Block, Emitter } from "../codegen/emitter.ts";
import { plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { type GemmProblem, layoutOf } from "../gemm/problem.ts";
import { mostTotals } from "../gemm/slabs.ts";
import { inScratch, type Operands } from "../routines/dot.ts";
import { type Grain, inPieces, piecesOf } from "./grain.ts";
import { emitPanels, type PanelSource, panelBytes } from "./panels.ts";
import { combinePartials, partialStride } from "./partials.ts";

/** Rows of a piece at least, and columns, in whole cache lines. */
const fewestRows = 120;
const fewestColumns = 64;
const line = 16;
/** Steps of k of a piece at least. */
const fewestSteps = 128;
/** An operand that all pieces read is copied to panels once where it is no larger; beyond, each piece copies what it needs, part by part. */
const mostPanelBytes = 2 ** 25;

/** How a product is divided: along what, and how much of it a piece has. */
export interface ProductDivision {
  readonly along: "products" | "rows" | "columns" | "steps";
  readonly each: number;
}

/** Undefined where it stays whole. */
export function divisionOf(grain: Grain, problem: GemmProblem): ProductDivision | undefined {
  const { m, n, k, batch, dtype } = problem;
  const count = batch?.count ?? 1;
  const work = (count * m * n * k * byteSize[dtype]) / 4;
  if (batch !== undefined) {
    const pieces = piecesOf(grain, work, count);
    return pieces === 1 ? undefined : { along: "products", each: Math.ceil(count / pieces) };
  }
  const byRows = piecesOf(grain, work, m, fewestRows);
  if (byRows > 1) {
    // Wide or not, pieces are the same: their sizes decide how each is computed, and with that its last bits.
    const { tileRows, tileColumns, swapped } = layoutOf(problem, { wide: false });
    const unit = swapped ? tileColumns : tileRows;
    return { along: "rows", each: Math.ceil(m / byRows / unit) * unit };
  }
  const byColumns = piecesOf(grain, work, n, fewestColumns);
  if (byColumns > 1) return { along: "columns", each: Math.ceil(n / byColumns / line) * line };
  const bySteps = piecesOf(grain, work, k, fewestSteps);
  return bySteps === 1 ? undefined : { along: "steps", each: Math.ceil(k / bySteps) };
}

/** Code of a product in pieces, or of a block of it: of the products of a batch, of rows, of columns, or of steps along k; undefined where it stays whole. */
export function dividedProduct(
  emitter: Emitter,
  fn: FunctionBuilder,
  problem: GemmProblem,
  { a, b, c }: Operands,
): Code | undefined {
  if (emitter.block) return productOfBlock(emitter, emitter.block, problem, { a, b, c });
  const division = divisionOf(emitter, problem);
  if (division === undefined) return undefined;
  const { m, n, k, transposeA, transposeB, batch, dtype } = problem;
  const size = byteSize[dtype];
  const { each } = division;
  switch (division.along) {
    case "products":
      return inPieces(emitter, batch!.count, each, (_fn, products, first) =>
        inScratch(
          emitter,
          { ...problem, batch: { ...batch!, count: products } },
          { a: plus(a, [first, m * k * size]), b: plus(b, [first, k * n * size]), c: plus(c, [first, m * n * size]) },
        ),
      );
    case "rows": {
      const part: GemmProblem = { ...problem, leadingA: transposeA ? m : k };
      const { strategy, swapped, tileColumns: width } = layoutOf({ ...part, m: each }, emitter);
      const source: PanelSource = {
        ...{ pointer: b, dtype, count: n, width, k },
        ...(transposeB ? { across: k, along: 1 } : { across: 1, along: n }),
      };
      const copies = strategy === "blocked" || strategy === "packed";
      const shared = !swapped && copies && panelBytes(source) <= mostPanelBytes;
      const { copy, panels } = shared ? emitPanels(emitter, fn, source) : { copy: [], panels: b };
      const pieces = inPieces(emitter, m, each, (_fn, rows, first) =>
        inScratch(
          emitter,
          { ...part, m: rows, ...(shared && { panelsB: width }) },
          { a: plus(a, [first, (transposeA ? 1 : k) * size]), b: panels, c: plus(c, [first, n * size]) },
        ),
      );
      return [copy, pieces];
    }
    case "columns": {
      const part: GemmProblem = { ...problem, leadingB: transposeB ? k : n, leadingC: n };
      const { strategy, tileRows: width } = layoutOf({ ...part, n: each }, emitter);
      const source: PanelSource = {
        ...{ pointer: a, dtype, count: m, width, k },
        ...(transposeA ? { across: 1, along: m } : { across: k, along: 1 }),
      };
      const shared = strategy === "blocked" && panelBytes(source) <= mostPanelBytes && m * each <= mostTotals;
      const { copy, panels } = shared ? emitPanels(emitter, fn, source) : { copy: [], panels: a };
      const pieces = inPieces(emitter, n, each, (_fn, columns, first) =>
        inScratch(
          emitter,
          { ...part, n: columns, ...(shared && { panelsA: width }) },
          { a: panels, b: plus(b, [first, (transposeB ? k : 1) * size]), c: plus(c, [first, size]) },
        ),
      );
      return [copy, pieces];
    }
    case "steps":
      return alongSteps(emitter, fn, problem, { a, b, c }, each);
  }
}

/** Whether rows in `count` blocks have the bits that they have where the product is divided, or whole, by itself: dot products along k add up in another order than tiles. */
export function keepsBits(grain: Grain, problem: GemmProblem, count: number): boolean {
  const { m, batch } = problem;
  if (batch !== undefined) return true;
  const division = divisionOf(grain, problem);
  if (division?.along === "steps") return false;
  const pieces =
    division?.along === "rows" ? [division.each, m - (Math.ceil(m / division.each) - 1) * division.each] : [m];
  const byDots = (rows: number): boolean => layoutOf({ ...problem, m: rows }, { wide: false }).strategy === "dots";
  return pieces.every((rows) => byDots(rows) === byDots(m / count));
}

/** A block of the products of a batch, or of the rows of one. */
function productOfBlock(emitter: Emitter, { count, piece }: Block, problem: GemmProblem, { a, b, c }: Operands): Code {
  const { m, n, k, batch, dtype } = problem;
  const size = byteSize[dtype];
  if (batch !== undefined) {
    const products = batch.count / count;
    const first = i32.mul(piece, i32.const(products));
    return inScratch(
      emitter,
      { ...problem, batch: { ...batch, count: products } },
      { a: plus(a, [first, m * k * size]), b: plus(b, [first, k * n * size]), c: plus(c, [first, m * n * size]) },
    );
  }
  const rows = m / count;
  const first = i32.mul(piece, i32.const(rows));
  const places = { a: plus(a, [first, k * size]), b, c: plus(c, [first, n * size]) };
  return inScratch(emitter, { ...problem, m: rows }, places);
}

/** Pieces of so many steps along k: each leaves a partial product, and these are added up. */
function alongSteps(
  emitter: Emitter,
  fn: FunctionBuilder,
  problem: GemmProblem,
  { a, b, c }: Operands,
  steps: number,
): Code {
  const { m, n, k, transposeA, transposeB, dtype } = problem;
  const size = byteSize[dtype];
  const stride = partialStride(m * n * size);
  const count = Math.ceil(k / steps);
  const partials = emitter.partials(count * stride);
  const leading = { leadingA: transposeA ? m : k, leadingB: transposeB ? k : n };
  const parts = inPieces(emitter, k, steps, (_fn, depth, first, piece) => {
    const part = { ...problem, ...leading, k: depth };
    return inScratch(emitter, part, {
      a: plus(a, [first, (transposeA ? m : 1) * size]),
      b: plus(b, [first, (transposeB ? 1 : n) * size]),
      c: plus(partials, [piece, stride]),
    });
  });
  return [parts, combinePartials(emitter, fn, { dtype, bytes: m * n * size, count: m * n, pieces: count }, c)];
}
