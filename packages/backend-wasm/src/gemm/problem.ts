// What a matrix product computes, how its operands lie in memory, and which strategy computes it.
import type { Code } from "../encoder/code.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import type { FloatType } from "../math/lanes.ts";

/** A vector of results on its way to memory. */
export interface EpilogueContext {
  readonly fn: FunctionBuilder;
  /** A vector; evaluate it once. */
  readonly value: Code;
  /** How many low lanes are results; the others hold anything and are not stored. */
  readonly lanes: number;
  /** `i32` code: where the first lane lies in C, and in the batch. Cheap, may be used many times. */
  readonly row: Code;
  readonly column: Code;
  readonly batch: Code;
  /** The axis along which the lanes run: columns, except for a single column (n = 1), where they run along rows. */
  readonly along: "columns" | "rows";
}

/** Row-major `C[m, n] = op(A) op(B)`, everything known when the code is generated. */
export interface GemmProblem {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** A is stored as [k, m]. */
  readonly transposeA: boolean;
  /** B is stored as [n, k]. */
  readonly transposeB: boolean;
  readonly dtype: FloatType;
  /** Strides in elements, 0 for a shared operand. Default: one product. */
  readonly batch?: {
    readonly count: number;
    readonly strideA: number;
    readonly strideB: number;
    readonly strideC: number;
  };
  /** Adds to C. Default false. */
  readonly accumulate?: boolean;
  /** Elements from one stored row of A, B and C to the next. Default: its length; more where the problem is a part of a larger one. */
  readonly leadingA?: number;
  readonly leadingB?: number;
  readonly leadingC?: number;
  /** Rows of A, or columns of B, of a panel, where an operand lies in panels (`dividing/panels.ts`) instead of rows. A batch has none. */
  readonly panelsA?: number;
  readonly panelsB?: number;
}

/** How a product is written. */
export interface ProductOptions {
  /** Whether the engine has relaxed SIMD. */
  readonly relaxed: boolean;
  /** Whether it joins pairs of neighbouring vectors into one of 256 bits. */
  readonly wide: boolean;
  /** What is added to C is subtracted from it instead. */
  readonly subtract?: boolean;
  /** The vector to store in place of `value`. It is generated once per vector of a tile: keep it short. */
  readonly epilogue?: (context: EpilogueContext) => Code;
}

/** Where one product of a batch finds its operands: locals that hold addresses, and code of its number in the batch. */
export interface Addresses {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly scratch: number;
  readonly batch: Code;
}

/** A problem whose operands are described by strides in bytes; a single column has become a single row. */
export interface Layout {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly dtype: FloatType;
  readonly size: number;
  readonly lanes: number;
  /**
   * Element (i, p) of op(A) is at `i * aRow + p * aColumn`, element (p, j) of op(B) at `p * bRow + j * bColumn`. Of an operand in panels only the
   * blocks of k are there.
   */
  readonly aRow: number;
  readonly aColumn: number;
  readonly bRow: number;
  readonly bColumn: number;
  /** From one row of C to the next. */
  readonly cRow: number;
  readonly batch: {
    readonly count: number;
    readonly strideA: number;
    readonly strideB: number;
    readonly strideC: number;
  };
  readonly accumulate: boolean;
  /** The operands changed places. */
  readonly swapped: boolean;
  /** Rows and columns of a register tile. */
  readonly tileRows: number;
  readonly tileColumns: number;
  /** Which operands lie in panels. */
  readonly panels: { readonly a: boolean; readonly b: boolean };
  /**
   * `direct`: B is read where it lies. `packed`: B is copied to panels first. `streamed`: B is read where it lies, some rows at a time.
   * `dots`: rows of A times rows of B. `blocked`: both operands are copied block by block.
   */
  readonly strategy: "direct" | "packed" | "streamed" | "dots" | "blocked";
}

/**
 * Additions in f32 one after the other, in registers: 64 equal terms are off by 1e-6 at worst. Longer products add to C after
 * each such chain, and beyond `slab` to totals in f64.
 */
export const longestChain = 64;
/** Steps of k that are added up in f32. */
export const slab = 2048;

/** Elements that a large operand has: those below need neither blocks nor slabs, nor does their reading from scattered places count. */
export const fewestElements = 2 ** 11;

/** From one block of `block.k` steps of an operand in panels to the next, over its steps: the bytes of all panels, side by side. */
export const panelStep = (count: number, width: number, size: number): number =>
  Math.ceil(count / width) * width * size;

/** Rows of A that a large transposed B is read for as often as there are pairs of them, which costs less than a copy of it. */
const mostDots = 12;

/** What of B stays in the first-level cache while all rows of A pass. Few rows do not repay a copy. */
const nearBytes = 32 * 1024;
/** Block sizes: kc columns of a panel of B in the first-level cache, a block of A in the second. */
export const block = { m: 96, n: 1024, k: 256 } as const;
/** Of A, beside a B in panels: what is read where it lies stays in the second-level cache. */
const nearRowsBytes = 128 * 1024;

/**
 * Vectors of columns of a tile of 1 to 6 rows. What a step needs is in the 15 registers that engines have to give, sums and operands: with one more a tile
 * takes twice as long.
 */
const tileVectors = [8, 6, 3, 2, 2, 2] as const;
/** The same of pairs of vectors in registers of 256 bits. */
const wideTileVectors = [16, 12, 6, 4, 4, 4] as const;
/** The same where B is read from afar: lines of it that tiles take whole are worth more than registers. */
const streamedVectors = [16, 8, 4, 4, 4, 2] as const;
const wideStreamedVectors = [16, 8, 6, 4, 4, 4] as const;

export function layoutOf(problem: GemmProblem, { wide }: Pick<ProductOptions, "wide">): Layout {
  const { m, n, k, transposeA, transposeB, dtype, batch, accumulate = false } = problem;
  const size = dtype === "f32" ? 4 : 8;
  const lanes = 16 / size;
  const { leadingA = transposeA ? m : k, leadingB = transposeB ? k : n, leadingC = n } = problem;
  const a = transposeA ? { row: 1, column: leadingA } : { row: leadingA, column: 1 };
  const b = transposeB ? { row: 1, column: leadingB } : { row: leadingB, column: 1 };
  const { count, strideA, strideB, strideC } = batch ?? { count: 1, strideA: 0, strideB: 0, strideC: 0 };
  const swapped = n === 1 && m > 1 && leadingC === 1;
  const [rows, columns] = swapped ? [1, m] : [m, n];
  const [left, right] = swapped
    ? [
        { row: b.column, column: b.row },
        { row: a.column, column: a.row },
      ]
    : [a, b];
  const [strideLeft, strideRight] = swapped ? [strideB, strideA] : [strideA, strideB];
  // A single number is a dot product, whatever the strides.
  const contiguous = right.column === 1 && (columns > 1 || k < 2);
  const small = k * columns * size <= nearBytes;
  const near = small || rows <= (contiguous ? 12 : 4);
  const few = rows <= (small ? 4 : mostDots);
  const dots = !contiguous && few && left.column === 1 && right.row === 1 && k * columns >= fewestElements;
  const strategy = dots ? "dots" : !near ? "blocked" : !contiguous ? "packed" : small ? "direct" : "streamed";
  // Tiles as equal as possible, of at most 6 rows.
  const { panelsA, panelsB } = problem;
  const tileRows = panelsA ?? Math.max(1, Math.ceil(rows / Math.ceil(rows / 6)) || 1);
  const [tile, stream] = wide ? [wideTileVectors, wideStreamedVectors] : [tileVectors, streamedVectors];
  const most = (strategy === "streamed" ? stream : tile)[tileRows - 1]!;
  const tileColumns = panelsB ?? Math.min(most, Math.ceil(columns / lanes) || 1) * lanes;
  const alongRows = panelsA === undefined && left.column === 1 && k <= block.k && rows * k * size <= nearRowsBytes;
  return {
    m: rows,
    n: columns,
    k,
    dtype,
    size,
    lanes,
    aRow: left.row * size,
    aColumn: panelsA === undefined ? left.column * size : panelStep(rows, panelsA, size),
    bRow: panelsB === undefined ? right.row * size : panelStep(columns, panelsB, size),
    bColumn: right.column * size,
    cRow: (swapped ? columns : leadingC) * size,
    batch: { count, strideA: strideLeft * size, strideB: strideRight * size, strideC: strideC * size },
    accumulate,
    swapped,
    tileRows,
    tileColumns,
    panels: { a: panelsA !== undefined, b: panelsB !== undefined },
    strategy: panelsB !== undefined && alongRows ? "packed" : (panelsA ?? panelsB) ? "blocked" : strategy,
  };
}

/** Whether the layout's products are cut into slabs of k. An epilogue belongs to a single store of C: with one they are not. */
export const inSlabs = ({ dtype, k }: Layout, { epilogue }: Pick<ProductOptions, "epilogue">): boolean =>
  dtype === "f32" && k > slab && epilogue === undefined;
