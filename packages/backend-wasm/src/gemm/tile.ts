// Register tiles: a few rows times a few vectors of columns of C, accumulated in locals over all of k.
import { loadSplat } from "../codegen/vector.ts";
import { advance, least, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { br_if, local, loop, when } from "../encoder/control.ts";
import { cover, type Extent } from "../encoder/cover.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i32, v128 } from "../encoder/opcodes.ts";
import { type Layout, longestChain, type ProductOptions } from "./problem.ts";

/** Loads `count` elements into the low lanes, zeros above. */
export function loadLanes(size: number, count: number, address: Code, offset: number): Code {
  if (count * size === 16) return v128.load(address, offset);
  if (size === 8 || count === 2) return v128.load64_zero(address, offset);
  if (count === 1) return v128.load32_zero(address, offset);
  return v128.load32_lane(2, address, v128.load64_zero(address, offset), offset + 8);
}

/** Stores the `count` low lanes of a vector in a local. */
export function storeLanes(size: number, count: number, address: Code, vector: number, offset: number): Code {
  const value = local.get(vector);
  if (count * size === 16) return v128.store(address, value, offset);
  if (size === 8 || count === 2) return v128.store64_lane(0, address, value, offset);
  if (count === 1) return v128.store32_lane(0, address, value, offset);
  return [v128.store64_lane(0, address, value, offset), v128.store32_lane(2, address, value, offset + 8)];
}

/** Where tiles find their operands, and what happens to the results. */
export interface Tiling {
  readonly fn: FunctionBuilder;
  readonly layout: Layout;
  readonly options: ProductOptions;
  /** Strides in bytes, as the tiles see A and B. */
  readonly aRow: number;
  readonly aColumn: number;
  readonly bRow: number;
  /** Whether vectors beyond the last column may be read. */
  readonly padded: boolean;
  /** A number, or an `i32` local and the most it holds. */
  readonly depth: number | { readonly local: number; readonly most: number };
  /** Whether to add to C; code decides at run time. */
  readonly accumulate: boolean | Code;
  /** Whether this is the last contribution to C, if that is decided at run time. */
  readonly last?: Code;
  /** The tile's place: `i32` locals with addresses, and code with indices. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly row: Code;
  readonly column: Code;
  readonly batch: Code;
  /** Where sums wait for their next steps, if tiles do not take all of k at once. */
  readonly waiting?: Waiting;
}

/** The sums of a tile: locals, by rows and vectors, and how many lanes each of a row's vectors has. */
export interface Sums {
  readonly locals: readonly (readonly number[])[];
  readonly widths: readonly number[];
}

/** What is done with the sums of a tile between two visits. */
export interface Waiting {
  /** Sums go on from where they were, or begin with `zeros`. */
  begin(sums: Sums, zeros: Code): Code;
  /** Sums wait again, or are stored to C. */
  end(sums: Sums, stored: Code): Code;
}

const unrolled = 4;

/** A vector of results: the local that holds it, how many of its lanes count, and its place in the tile. */
export interface Result {
  readonly vector: number;
  readonly lanes: number;
  readonly row: number;
  /** In vectors. */
  readonly column: number;
}

/** The sums of a tile as results. */
export const resultsOf = ({ locals, widths }: Sums): Result[] =>
  locals.flatMap((ofRow, row) => widths.map((lanes, column) => ({ vector: ofRow[column]!, lanes, row, column })));

const inCase = (condition: boolean | Code, code: Code): Code =>
  condition === true ? code : condition === false ? [] : when(condition, code);

/**
 * Results to memory: added to C, transformed, stored. Stores come last, so that an engine which joins neighbouring vectors finds nothing between
 * them.
 */
export function storeResults(
  tiling: Omit<Tiling, "aRow" | "aColumn" | "bRow" | "padded" | "depth" | "a" | "b">,
  results: readonly Result[],
): Code {
  const { fn, layout, options, accumulate, last = true } = tiling;
  const { size, cRow, swapped } = layout;
  const address = local.get(tiling.c);
  const { add, sub } = layout.dtype === "f32" ? f32x4 : f64x2;
  const offsetOf = ({ row, column }: Result): number => row * cRow + column * 16;
  const added = results.map((result): Code => {
    const before = loadLanes(size, result.lanes, address, offsetOf(result));
    return local.set(result.vector, (options.subtract ? sub : add)(before, local.get(result.vector)));
  });
  const { epilogue } = options;
  const transformed = (): Code =>
    results.map(({ vector, lanes, ...at }) => {
      const row = i32.add(tiling.row, i32.const(at.row));
      const column = i32.add(tiling.column, i32.const(at.column * layout.lanes));
      const place = swapped
        ? { row: column, column: row, along: "rows" as const }
        : { row, column, along: "columns" as const };
      return local.set(vector, epilogue!({ fn, value: local.get(vector), lanes, batch: tiling.batch, ...place }));
    });
  return [
    inCase(accumulate, added),
    epilogue === undefined ? [] : inCase(last, transformed()),
    results.map((result) => storeLanes(size, result.lanes, address, result.vector, offsetOf(result))),
  ];
}

/** A tile of `rows` rows and vectors of the given widths. */
function tile(tiling: Tiling, rows: number, widths: readonly number[]): Code {
  const { fn, layout, options, aRow, aColumn, bRow, depth, a, b } = tiling;
  const { size, dtype } = layout;
  const vector = dtype === "f32" ? f32x4 : f64x2;
  const sums = Array.from({ length: rows }, () => widths.map(() => fn.local("v128")));
  const passing = fn.local("v128");
  const staying = fn.locals("v128", Math.min(rows, widths.length));
  const zero = vector.const(0);
  const end = fn.local("i32");
  const loadLeft = (r: number, p: number): Code => loadSplat(dtype, 4, local.get(a), r * aRow + p * aColumn);
  const loadRight = (v: number, p: number): Code =>
    loadLanes(size, tiling.padded ? layout.lanes : widths[v]!, local.get(b), p * bRow + 16 * v);
  const madd = (sum: number, left: number, right: number): Code => {
    const next = options.relaxed
      ? vector.relaxed_madd(local.get(left), local.get(right), local.get(sum))
      : vector.add(vector.mul(local.get(left), local.get(right)), local.get(sum));
    return local.set(sum, next);
  };
  // What there is less of, rows or vectors, stays in registers while the others pass.
  const byRows = widths.length <= rows;
  const step = (p: number): Code => [
    staying.map((variable, i) => local.set(variable, (byRows ? loadRight : loadLeft)(i, p))),
    byRows
      ? sums.map((row, r) => [local.set(passing, loadLeft(r, p)), row.map((sum, v) => madd(sum, passing, staying[v]!))])
      : widths.map((_, v) => [
          local.set(passing, loadRight(v, p)),
          sums.map((row, r) => madd(row[v]!, staying[r]!, passing)),
        ]),
  ];
  const steps = (count: number): Code => Array.from({ length: count }, (_, p) => step(p));
  const onward = (count: number): Code => [advance(a, count * aColumn), advance(b, count * bRow)];
  const repeat = (count: number): Code =>
    loop([steps(count), onward(count), br_if(0, i32.ne(local.get(a), local.get(end)))]);
  const zeros = sums.flat().map((sum) => local.set(sum, zero));
  const { waiting } = tiling;
  const all = { locals: sums, widths };
  const clear = waiting?.begin(all, zeros) ?? zeros;
  const store = (how: Partial<Tiling>): Code => storeResults({ ...tiling, ...how }, resultsOf(all));
  const counted = (count: number): Code => {
    const rounds = count < 2 * unrolled ? 0 : Math.floor(count / unrolled);
    const setEnd = local.set(end, i32.add(local.get(a), i32.const(rounds * unrolled * aColumn)));
    return [rounds > 0 ? [setEnd, repeat(unrolled)] : [], steps(count - rounds * unrolled)];
  };
  const variable = (count: number): Code => {
    const whole = i32.and(local.get(count), i32.const(-unrolled));
    const rest = i32.and(local.get(count), i32.const(unrolled - 1));
    const endAfter = (length: Code): Code => local.tee(end, plus(local.get(a), [length, aColumn]));
    return [[whole, unrolled] as const, [rest, 1] as const].map(([length, stride]) =>
      when(i32.ne(endAfter(length), local.get(a)), repeat(stride)),
    );
  };
  const most = typeof depth === "number" ? depth : depth.most;
  const code =
    dtype === "f32" && most > 1.5 * longestChain
      ? chains(tiling, clear, store, variable)
      : [
          clear,
          typeof depth === "number" ? counted(depth) : variable(depth.local),
          waiting?.end(all, store({})) ?? store({}),
        ];
  fn.release(...sums.flat(), passing, ...staying, end);
  return code;
}

/** All of k in chains, each of which is added to C: C is cleared first unless it counts. */
function chains(
  tiling: Tiling,
  clear: Code,
  store: (how: Partial<Tiling>) => Code,
  steps: (count: number) => Code,
): Code {
  const { fn, depth, accumulate, last } = tiling;
  const [left, count] = fn.locals("i32", 2);
  const zeros = [clear, store({ accumulate: false, last: i32.const(0) })];
  const over = i32.eqz(local.get(left));
  const code = [
    accumulate === true ? [] : accumulate === false ? zeros : when(i32.eqz(accumulate), zeros),
    local.set(left, typeof depth === "number" ? i32.const(depth) : local.get(depth.local)),
    loop([
      local.set(count, least(local.get(left), i32.const(longestChain))),
      clear,
      steps(count),
      local.set(left, i32.sub(local.get(left), local.get(count))),
      store({ accumulate: true, last: last === undefined ? over : i32.and(last, over) }),
      br_if(0, local.get(left)),
    ]),
  ];
  fn.release(left, count);
  return code;
}

/** The widths of the vectors that cover `columns`. */
export const widthsOf = (columns: number, lanes: number): number[] =>
  Array.from({ length: Math.ceil(columns / lanes) }, (_, v) => Math.min(lanes, columns - v * lanes));

/** All tiles of a block. `place` sets the tile's addresses from the indices `i` and `j` within the block. */
export function tiles(tiling: Tiling, i: number, j: number, rows: Extent, columns: Extent, place: Code): Code {
  const { fn, layout } = tiling;
  return cover(fn, j, columns, layout.n, layout.tileColumns, (width) =>
    cover(fn, i, rows, layout.m, layout.tileRows, (height) => [
      place,
      tile(tiling, height, widthsOf(width, layout.lanes)),
    ]),
  );
}
