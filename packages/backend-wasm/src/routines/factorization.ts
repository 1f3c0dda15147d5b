// The Cholesky factor and triangular systems, a block of rows at a time: what the rows above contribute is a product in packed blocks,
// the rest is substitution in a strip of columns that stays in the first-level cache.
import { type Shape, sizeOf } from "@hooke/runtime";
import type { Emitter } from "../codegen/emitter.ts";
import { loadSplat } from "../codegen/vector.ts";
import { advance, least, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { call, forLoop, local, return_, select, when } from "../encoder/control.ts";
import { cover } from "../encoder/cover.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32, f32x4, f64, f64x2, i32, memory, v128 } from "../encoder/opcodes.ts";
import { blocked, blockedScratch } from "../gemm/blocked.ts";
import { addPack } from "../gemm/pack.ts";
import { type Layout, layoutOf } from "../gemm/problem.ts";
import { loadLanes, storeLanes, widthsOf } from "../gemm/tile.ts";
import type { FloatType } from "../math/lanes.ts";
import type { Routine } from "./routine.ts";

/** Rows at a time, and columns of a strip. */
const rowsAtOnce = 48;
const strip = 16;

const get = local.get;
const zero = i32.const(0);

/** Systems of one shape: the triangular matrix is A of a product that is subtracted, the solution is its B and C. */
interface Systems {
  readonly emitter: Emitter;
  readonly layout: Layout;
  /** Whether the first row is solved first. */
  readonly forward: boolean;
}

/** The layout of the product. A single column keeps its place, in which `layoutOf` would put a single row. */
function productOf(emitter: Emitter, dtype: FloatType, size: number, columns: number, transposeA: boolean): Layout {
  const sizes = { m: size, n: Math.max(columns, 2), k: size };
  const layout = layoutOf({ ...sizes, transposeA, transposeB: false, dtype, accumulate: true }, emitter);
  return { ...layout, n: columns, bRow: columns * layout.size, cRow: columns * layout.size };
}

/** Where a block of the triangle lies, row behind row; then a strip of the solution, and packed blocks. */
function scratchOf({ emitter, layout }: Systems): Record<"triangle" | "solved" | "blocks", Code> {
  const solved = rowsAtOnce * rowsAtOnce * layout.size;
  const blocks = solved + rowsAtOnce * strip * layout.size;
  const triangle = emitter.scratch(blocks + blockedScratch(layout));
  return { triangle, solved: i32.add(triangle, i32.const(solved)), blocks: i32.add(triangle, i32.const(blocks)) };
}

/** `(a, b, c, rows, columns, depth)`: `C -= A B`. */
function addUpdate(systems: Systems): number {
  const { emitter, layout } = systems;
  const { module, relaxed, wide } = emitter;
  const fn = module.addFunction(["i32", "i32", "i32", "i32", "i32", "i32"]);
  const scratch = fn.local("i32");
  const addresses = { a: 0, b: 1, c: 2, scratch, batch: zero };
  fn.emit(
    local.set(scratch, scratchOf(systems).blocks),
    blocked(module, fn, layout, { relaxed, wide, subtract: true }, addresses, { m: get(3), n: get(4), k: get(5) }),
  );
  return fn.index;
}

/** `(x, rows, columns)`: solves for rows of the solution with the block of the triangle in scratch. */
function addSubstitution(systems: Systems): number {
  const { emitter, forward } = systems;
  const { dtype, size, lanes, n, bRow } = systems.layout;
  const fn = emitter.module.addFunction(["i32", "i32", "i32"]);
  const [x, rows, columns] = [0, 1, 2] as const;
  const { triangle, solved } = scratchOf(systems);
  const [step, i, j, k, to, at, factor] = fn.locals("i32", 7);
  const vector = dtype === "f32" ? f32x4 : f64x2;
  const sums = widthsOf(strip, lanes).map(() => fn.local("v128"));
  const left = fn.local("v128");
  const row = (index: Code): Code => plus(solved, [index, strip * size]);
  const element = (index: Code): Code => plus(triangle, [get(i), widthOf(systems) * size], [index, size]);
  const [from, until] = forward ? [zero, get(i)] : [i32.add(get(i), i32.const(1)), get(rows)];
  const columnsOf = (width: number): Code => {
    const vectors = widthsOf(width, lanes).map((width, v) => ({ width, sum: sums[v]!, offset: 16 * v }));
    return forLoop({ index: step, start: 0, limit: get(rows) }, [
      local.set(i, forward ? get(step) : i32.sub(i32.sub(get(rows), i32.const(1)), get(step))),
      local.set(to, plus(get(x), [get(i), bRow], [get(j), size])),
      vectors.map(({ width, sum, offset }) => local.set(sum, loadLanes(size, width, get(to), offset))),
      local.set(at, row(from)),
      local.set(factor, element(from)),
      forLoop({ index: k, start: from, limit: until }, [
        local.set(left, loadSplat(dtype, 4, get(factor), 0)),
        vectors.map(({ sum, offset }) => {
          const right = v128.load(get(at), offset);
          const next = emitter.relaxed
            ? vector.relaxed_nmadd(get(left), right, get(sum))
            : vector.sub(get(sum), vector.mul(get(left), right));
          return local.set(sum, next);
        }),
        advance(at, strip * size),
        advance(factor, size),
      ]),
      local.set(left, loadSplat(dtype, 4, element(get(i)), 0)),
      local.set(at, row(get(i))),
      vectors.map(({ width, sum, offset }) => [
        local.set(sum, vector.div(get(sum), get(left))),
        storeLanes(size, width, get(to), sum, offset),
        v128.store(get(at), get(sum), offset),
      ]),
    ]);
  };
  fn.emit(cover(fn, j, { local: columns }, n, strip, columnsOf));
  return fn.index;
}

/** Elements from row to row of the block of the triangle in scratch. */
const widthOf = ({ layout }: Systems): number => Math.min(rowsAtOnce, layout.m);

/** Loads and stores of numbers that are reckoned with in f64. */
const wide = (dtype: FloatType) =>
  dtype === "f64"
    ? f64
    : {
        load: (address: Code): Code => f64.promote_f32(f32.load(address)),
        store: (address: Code, value: Code): Code => f32.store(address, f32.demote_f64(value)),
      };

/** `(y, rows) -> how many could be factored`: the triangle in scratch becomes its own factor, and the upper one of `y`. Sums are in f64. */
function addFactor(systems: Systems): number {
  const { dtype, size, bRow } = systems.layout;
  const fn = systems.emitter.module.addFunction(["i32", "i32"], ["i32"]);
  const [y, rows] = [0, 1] as const;
  const [i, j, k, left, right] = fn.locals("i32", 5);
  const rest = fn.local("f64");
  const { load, store } = wide(dtype);
  const { triangle } = scratchOf(systems);
  const row = widthOf(systems) * size;
  const positive = i32.and(f64.gt(get(rest), f64.const(0)), f64.lt(get(rest), f64.const(Infinity)));
  fn.emit(
    forLoop({ index: i, start: 0, limit: get(rows) }, [
      forLoop({ index: j, start: 0, limit: i32.add(get(i), i32.const(1)) }, [
        local.set(left, plus(triangle, [get(i), row])),
        local.set(right, plus(triangle, [get(j), row])),
        local.set(rest, load(plus(get(left), [get(j), size]))),
        forLoop({ index: k, start: 0, limit: get(j) }, [
          local.set(rest, f64.sub(get(rest), f64.mul(load(get(left)), load(get(right))))),
          advance(left, size),
          advance(right, size),
        ]),
        // Both have come to column j.
        when(i32.lt_u(get(j), get(i)), local.set(rest, f64.div(get(rest), load(get(right)))), [
          when(i32.eqz(positive), return_(get(i))),
          local.set(rest, f64.sqrt(get(rest))),
        ]),
        [get(left), plus(get(y), [get(j), bRow], [get(i), size])].map((place) => store(place, get(rest))),
      ]),
    ]),
    get(rows),
  );
  return fn.index;
}

/**
 * Solves for the blocks of rows of `x` in turn: what is solved already is taken off, then the block of the triangle solves. With `good`, a
 * local that is to hold the number of rows, `x` becomes the upper factor that `a` is the transpose of; then it holds how many could be factored.
 */
function sweep(systems: Systems, fn: FunctionBuilder, a: number, x: number, good?: number): Code {
  const { emitter, layout, forward } = systems;
  const { m, n, size, aRow, aColumn, bRow } = layout;
  const add = (what: string, make: (systems: Systems) => number): number =>
    emitter.module.share(`${what} ${forward} ${JSON.stringify(layout)}`, () => make(systems));
  const width = widthOf(systems);
  const take = add("take", () => addPack(emitter.module, { size, width, across: aColumn, along: aRow }));
  const [step, first, rows, next, factored] = fn.locals("i32", 5);
  const triangle = (i: Code, k: Code): Code => plus(get(a), [i, aRow], [k, aColumn]);
  const solution = (i: Code, j: Code): Code => plus(get(x), [i, bRow], [j, size]);
  const whole = i32.const(m);
  const last = i32.const(Math.floor((m - 1) / rowsAtOnce) * rowsAtOnce);
  const [from, depth] = forward ? [zero, get(first)] : [get(next), i32.sub(whole, get(next))];
  // Left of the diagonal a factor is zero.
  const [diagonal, right] = good === undefined ? [zero, zero] : [get(first), get(next)];
  const operands = [triangle(get(first), from), solution(from, diagonal), solution(get(first), diagonal)];
  const factor = (rowsOf: number): Code => [
    local.set(factored, call(add("factor", addFactor), solution(get(first), get(first)), get(rows))),
    when(i32.ne(get(factored), get(rows)), local.set(rowsOf, i32.add(get(first), get(factored)))),
  ];
  return forLoop({ index: step, start: 0, limit: good === undefined ? m : get(good), step: rowsAtOnce }, [
    local.set(first, forward ? get(step) : i32.sub(last, get(step))),
    local.set(rows, least(i32.sub(whole, get(first)), i32.const(rowsAtOnce))),
    local.set(next, i32.add(get(first), get(rows))),
    m <= rowsAtOnce
      ? []
      : call(add("update", addUpdate), ...operands, get(rows), i32.sub(i32.const(n), diagonal), depth),
    call(take, triangle(get(first), get(first)), scratchOf(systems).triangle, get(rows), get(rows)),
    good === undefined ? [] : factor(good),
    call(
      add("substitution", addSubstitution),
      ...[solution(get(first), right), get(rows), i32.sub(i32.const(n), right)],
    ),
  ]);
}

/**
 * The upper factor in place of the upper triangle, from the top: its rows are those of a triangular system whose matrix is its own transpose.
 * Then it is turned.
 */
export function emitCholesky({ emitter, node, operands, output, fn }: Routine<"cholesky">): void {
  const { shape, dtype } = node.outputs[0]! as { shape: Shape; dtype: FloatType };
  const total = sizeOf(shape);
  if (total === 0) return;
  const n = shape.at(-1)!;
  const layout = productOf(emitter, dtype, n, n, true);
  const { size, bRow } = layout;
  const { load, store } = wide(dtype);
  const scalar = dtype === "f32" ? f32 : f64;
  const [x, y, index, good, i, j, one, other] = fn.locals("i32", 8);
  /** `body` for the upper triangle, with the addresses of each element and its mirror image. */
  const upper = (base: number, body: Code): Code =>
    forLoop({ index: i, start: 0, limit: n }, [
      forLoop({ index: j, start: get(i), limit: n }, [
        local.set(one, plus(get(base), [get(i), bRow], [get(j), size])),
        local.set(other, plus(get(base), [get(j), bRow], [get(i), size])),
        body,
      ]),
    ]);
  const [above, below] = [load(get(one)), load(get(other))];
  const symmetric = f64.add(above, f64.mul(f64.sub(below, above), f64.const(0.5)));
  const turned = select(scalar.load(get(one)), scalar.const(Number.NaN), i32.lt_u(get(j), get(good)));
  fn.emit(
    local.set(x, operands[0]!),
    local.set(y, output),
    forLoop({ index, start: 0, limit: total / (n * n) }, [
      upper(x, store(i32.add(get(y), i32.sub(get(one), get(x))), symmetric)),
      local.set(good, i32.const(n)),
      sweep({ emitter, layout, forward: true }, fn, y, y, good),
      upper(y, [
        scalar.store(get(other), turned),
        when(i32.ne(get(i), get(j)), scalar.store(get(one), scalar.const(0))),
      ]),
      advance(x, n * bRow),
      advance(y, n * bRow),
    ]),
  );
}

export function emitTriangularSolve({ emitter, node, operands, output, fn }: Routine<"triangularSolve">): void {
  const { lower, transposeA } = node.params;
  const { shape, dtype } = node.outputs[0]! as { shape: Shape; dtype: FloatType };
  const total = sizeOf(shape);
  if (total === 0) return;
  const [m, n] = shape.slice(-2) as [number, number];
  const layout = productOf(emitter, dtype, m, n, transposeA);
  const { size, bRow } = layout;
  const [a, x, index] = fn.locals("i32", 3);
  fn.emit(
    memory.copy(output, operands[1]!, i32.const(total * size)),
    local.set(a, operands[0]!),
    local.set(x, output),
    forLoop({ index, start: 0, limit: total / (m * n) }, [
      sweep({ emitter, layout, forward: lower !== transposeA }, fn, a, x),
      advance(a, m * m * size),
      advance(x, m * bRow),
    ]),
  );
}
