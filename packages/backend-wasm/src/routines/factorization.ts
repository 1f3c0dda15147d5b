// The Cholesky factor and triangular systems, a block of rows at a time: what the rows above contribute is a product in packed blocks,
// the rest is substitution in a strip of columns that stays in the first-level cache.
import { sizeOf } from "@hooke/runtime";
import type { Emitter } from "../codegen/emitter.ts";
import type { Code } from "../encoder/code.ts";
import { block as blockOf, br, br_if, call, forLoop, local, loop, return_, select, when } from "../encoder/control.ts";
import { f32, f32x4, f64, f64x2, i32, memory, v128 } from "../encoder/opcodes.ts";
import { addBlockProduct } from "../gemm/blocked.ts";
import { addPack } from "../gemm/pack.ts";
import { layoutOf } from "../gemm/problem.ts";
import { loadLanes, storeLanes, widthsOf } from "../gemm/tile.ts";
import type { FloatType } from "../math/lanes.ts";
import type { Routine } from "./routine.ts";

/** Rows at a time: a multiple of the rows of a register tile. Columns of a strip, and of B, and steps of k at a time. */
const rowsAtOnce = 48;
const strip = 16;
const most = { columns: 1024, depth: 256 } as const;
const tile = { rows: 6, vectors: 2 } as const;

/** A stack of matrices that is solved for `columns` columns; bytes from element to element of the triangular matrix. */
interface System {
  readonly emitter: Emitter;
  readonly dtype: FloatType;
  readonly bytes: 4 | 8;
  readonly size: number;
  readonly columns: number;
  readonly row: number;
  readonly column: number;
}

const get = local.get;
const plus = (base: Code, ...terms: readonly (readonly [index: Code, bytes: number])[]): Code =>
  terms.reduce<Code>((sum, [index, bytes]) => i32.add(sum, i32.mul(index, i32.const(bytes))), base);
const least = (a: Code, limit: number): Code => select(a, i32.const(limit), i32.lt_u(a, i32.const(limit)));

/** Where a routine keeps what: a block of the triangle, a strip of the solution, packed blocks of A and B. */
function scratchOf({ emitter, bytes, size, columns }: System): Record<"triangle" | "strip" | "a" | "b", Code> {
  const depth = Math.min(most.depth, size);
  const parts = [
    rowsAtOnce * rowsAtOnce,
    rowsAtOnce * strip,
    rowsAtOnce * depth,
    (Math.min(most.columns, columns) + tile.vectors * 4) * depth,
  ].map((elements) => Math.ceil((elements * bytes) / 64) * 64);
  const base = emitter.scratch(parts.reduce((total, part) => total + part, 0));
  const at = (part: number): Code =>
    i32.add(base, i32.const(parts.slice(0, part).reduce((total, before) => total + before, 0)));
  return { triangle: at(0), strip: at(1), a: at(2), b: at(3) };
}

/** A function that is in the module once for all systems alike. */
function shared(system: System, what: string, add: () => number): number {
  const { emitter, ...shape } = system;
  return emitter.module.share(`${what} ${JSON.stringify(shape)}`, add);
}

/** `(a, b, c, rows, columns, depth)`: `C -= A B`, where A is a part of the triangular matrix, B and C of the solution. */
function addUpdate(system: System): number {
  const { emitter, dtype, bytes, size, columns: total, row: aRow, column: aColumn } = system;
  const { module, relaxed } = emitter;
  const fn = module.addFunction(["i32", "i32", "i32", "i32", "i32", "i32"]);
  const [a, b, c, rows, columns, depth] = [0, 1, 2, 3, 4, 5] as const;
  const [p, j, steps, width] = fn.locals("i32", 4);
  const problem = { m: size, n: total, k: size, transposeA: false, transposeB: false, dtype, accumulate: true };
  const lanes = 16 / bytes;
  const tileColumns = Math.min(tile.vectors, Math.ceil(total / lanes)) * lanes;
  const layout = { ...layoutOf(problem), m: size, n: total, tileRows: tile.rows, tileColumns, swapped: false };
  const product = addBlockProduct(module, layout, { relaxed, subtract: true });
  const packA = addPack(module, { size: bytes, width: tile.rows, across: aRow, along: aColumn });
  const packB = addPack(module, { size: bytes, width: tileColumns, across: bytes, along: total * bytes });
  const scratch = scratchOf(system);
  const [zero, one] = [i32.const(0), i32.const(1)];
  fn.emit(
    forLoop({ index: p, start: 0, limit: get(depth), step: most.depth }, [
      local.set(steps, least(i32.sub(get(depth), get(p)), most.depth)),
      call(packA, plus(get(a), [get(p), aColumn]), scratch.a, get(rows), get(steps)),
      forLoop({ index: j, start: 0, limit: get(columns), step: most.columns }, [
        local.set(width, least(i32.sub(get(columns), get(j)), most.columns)),
        call(packB, plus(get(b), [get(p), total * bytes], [get(j), bytes]), scratch.b, get(width), get(steps)),
        call(
          product.index,
          ...[scratch.a, scratch.b, plus(get(c), [get(j), bytes])],
          ...[get(rows), get(width), get(steps), zero, zero, one, zero, zero],
        ),
      ]),
    ]),
  );
  return fn.index;
}

/** `(source, rows)`: a block of the triangular matrix to where its rows lie one behind the other. */
function addTake(system: System): number {
  const { emitter, dtype, bytes, row, column } = system;
  const fn = emitter.module.addFunction(["i32", "i32"]);
  const [i, k] = fn.locals("i32", 2);
  const scalar = dtype === "f32" ? f32 : f64;
  const { triangle } = scratchOf(system);
  fn.emit(
    forLoop({ index: i, start: 0, limit: get(1) }, [
      forLoop({ index: k, start: 0, limit: get(1) }, [
        scalar.store(
          plus(triangle, [get(i), rowsAtOnce * bytes], [get(k), bytes]),
          scalar.load(plus(get(0), [get(i), row], [get(k), column])),
        ),
      ]),
    ]),
  );
  return fn.index;
}

/** `(x, rows, columns)`: solves for rows of the solution with the block of the triangle that was taken. */
function addSubstitution(system: System, forward: boolean): number {
  const { emitter, dtype, bytes, columns: total } = system;
  const fn = emitter.module.addFunction(["i32", "i32", "i32"]);
  const [x, rows, columns] = [0, 1, 2] as const;
  const scratch = scratchOf(system);
  const [triangle, solved, step, i, j, k, at, factor] = fn.locals("i32", 8);
  const vector = dtype === "f32" ? f32x4 : f64x2;
  const splat = dtype === "f32" ? v128.load32_splat : v128.load64_splat;
  const lanes = 16 / bytes;
  const sums = widthsOf(strip, lanes).map(() => fn.local("v128"));
  const left = fn.local("v128");
  const element = (index: Code): Code => plus(get(triangle), [get(i), rowsAtOnce * bytes], [index, bytes]);
  const columnsOf = (width: number): Code => {
    const widths = widthsOf(width, lanes);
    const used = sums.slice(0, widths.length);
    const place = local.set(at, plus(get(x), [get(i), total * bytes], [get(j), bytes]));
    const eliminate = [
      local.set(left, splat(get(factor))),
      used.map((sum, v) => {
        const right = v128.load(get(at), 16 * v);
        const next = emitter.relaxed
          ? vector.relaxed_nmadd(get(left), right, get(sum))
          : vector.sub(get(sum), vector.mul(get(left), right));
        return local.set(sum, next);
      }),
      local.set(at, i32.add(get(at), i32.const(strip * bytes))),
      local.set(factor, i32.add(get(factor), i32.const(bytes))),
    ];
    const [from, to] = forward ? [i32.const(0), get(i)] : [i32.add(get(i), i32.const(1)), get(rows)];
    return forLoop({ index: step, start: 0, limit: get(rows) }, [
      local.set(i, forward ? get(step) : i32.sub(i32.sub(get(rows), i32.const(1)), get(step))),
      place,
      used.map((sum, v) => local.set(sum, loadLanes(bytes, widths[v]!, get(at), 16 * v))),
      local.set(at, plus(get(solved), [from, strip * bytes])),
      local.set(factor, element(from)),
      forLoop({ index: k, start: from, limit: to }, eliminate),
      local.set(left, splat(element(get(i)))),
      used.map((sum) => local.set(sum, vector.div(get(sum), get(left)))),
      place,
      used.map((sum, v) => storeLanes(bytes, widths[v]!, get(at), sum, 16 * v)),
      local.set(at, plus(get(solved), [get(i), strip * bytes])),
      used.map((sum, v) => v128.store(get(at), get(sum), 16 * v)),
    ]);
  };
  const rest = total % strip;
  const limit = i32.sub(get(columns), i32.const(rest));
  fn.emit(
    local.set(triangle, scratch.triangle),
    local.set(solved, scratch.strip),
    local.set(j, i32.const(0)),
    total < strip ? [] : forLoop({ index: j, start: 0, limit, step: strip }, columnsOf(strip)),
    rest === 0 ? [] : columnsOf(rest),
  );
  return fn.index;
}

/** `(rows) -> how many could be factored`: the block that was taken becomes its own factor. Sums are in f64. */
function addFactor(system: System): number {
  const { emitter, dtype, bytes } = system;
  const fn = emitter.module.addFunction(["i32"], ["i32"]);
  const [triangle, i, j, k, left, right] = fn.locals("i32", 6);
  const rest = fn.local("f64");
  const load = (address: Code): Code => (dtype === "f32" ? f64.promote_f32(f32.load(address)) : f64.load(address));
  const store = (address: Code, value: Code): Code =>
    dtype === "f32" ? f32.store(address, f32.demote_f64(value)) : f64.store(address, value);
  const element = (row: number, column: number): Code =>
    plus(get(triangle), [get(row), rowsAtOnce * bytes], [get(column), bytes]);
  const onward = [left, right].map((pointer) => local.set(pointer, i32.add(get(pointer), i32.const(bytes))));
  const positive = i32.and(f64.gt(get(rest), f64.const(0)), f64.lt(get(rest), f64.const(Infinity)));
  fn.emit(
    local.set(triangle, scratchOf(system).triangle),
    forLoop({ index: i, start: 0, limit: get(0) }, [
      forLoop({ index: j, start: 0, limit: i32.add(get(i), i32.const(1)) }, [
        local.set(left, plus(get(triangle), [get(i), rowsAtOnce * bytes])),
        local.set(right, plus(get(triangle), [get(j), rowsAtOnce * bytes])),
        local.set(rest, load(element(i, j))),
        forLoop({ index: k, start: 0, limit: get(j) }, [
          local.set(rest, f64.sub(get(rest), f64.mul(load(get(left)), load(get(right))))),
          onward,
        ]),
        when(i32.lt_u(get(j), get(i)), store(element(i, j), f64.div(get(rest), load(element(j, j)))), [
          when(i32.eqz(positive), return_(get(i))),
          store(element(i, i), f64.sqrt(get(rest))),
        ]),
      ]),
    ]),
    get(0),
  );
  return fn.index;
}

/** For each matrix of a stack. */
function each(
  count: number,
  index: number,
  pointers: readonly (readonly [pointer: number, bytes: number])[],
  body: Code,
): Code {
  const onward = pointers.map(([pointer, bytes]) => local.set(pointer, i32.add(get(pointer), i32.const(bytes))));
  return forLoop({ index, start: 0, limit: count }, [body, onward]);
}

/**
 * The upper factor in place of the upper triangle, from the top: its rows are those of a triangular system whose matrix is its own transpose.
 * Then it is turned.
 */
export function emitCholesky({ emitter, node, operands, output, fn }: Routine<"cholesky">): void {
  const { shape, dtype } = node.outputs[0]!;
  const size = shape.at(-1)!;
  const count = sizeOf(shape.slice(0, -2));
  if (size === 0 || count === 0) return;
  const bytes = dtype === "f32" ? 4 : 8;
  const scalar = dtype === "f32" ? f32 : f64;
  const system: System = {
    ...{ emitter, dtype: dtype as FloatType, bytes, size, columns: size },
    ...{ row: bytes, column: size * bytes },
  };
  const [update, take, factor, substitute] = [
    shared(system, "update", () => addUpdate(system)),
    shared(system, "take", () => addTake(system)),
    shared(system, "factor", () => addFactor(system)),
    shared(system, "substitute", () => addSubstitution(system, true)),
  ];
  const [x, y, index, first, rows, good, i, j, one, other] = fn.locals("i32", 10);
  const length = size * size * bytes;
  const at = (base: number, row: Code, column: Code): Code => plus(get(base), [row, size * bytes], [column, bytes]);
  const double = (address: Code): Code => (dtype === "f32" ? f64.promote_f32(f32.load(address)) : f64.load(address));
  const single = (value: Code): Code => (dtype === "f32" ? f32.demote_f64(value) : value);
  /** `body` for the elements above the diagonal, `from` places to the right of it, with the addresses of each and its mirror image. */
  const above = (base: number, from: number, body: Code): Code =>
    forLoop({ index: i, start: 0, limit: size }, [
      forLoop({ index: j, start: i32.add(get(i), i32.const(from)), limit: size }, [
        local.set(one, at(base, get(i), get(j))),
        local.set(other, at(base, get(j), get(i))),
        body,
      ]),
    ]);
  const { triangle } = scratchOf(system);
  const remaining = i32.sub(i32.const(size), get(first));
  const next = i32.add(get(first), get(rows));
  const symmetric = single(
    f64.add(double(get(one)), f64.mul(f64.sub(double(get(other)), double(get(one))), f64.const(0.5))),
  );
  const mirrored = i32.add(get(y), i32.sub(get(one), get(x)));
  fn.emit(
    local.set(x, operands[0]!),
    local.set(y, output),
    each(
      count,
      index,
      [
        [x, length],
        [y, length],
      ],
      [
        above(x, 0, scalar.store(mirrored, symmetric)),
        local.set(first, i32.const(0)),
        blockOf([
          loop([
            local.set(rows, least(remaining, rowsAtOnce)),
            call(
              update,
              ...[at(y, i32.const(0), get(first)), at(y, i32.const(0), get(first)), at(y, get(first), get(first))],
              ...[get(rows), remaining, get(first)],
            ),
            call(take, at(y, get(first), get(first)), get(rows)),
            local.set(good, call(factor, get(rows))),
            forLoop({ index: i, start: 0, limit: get(good) }, [
              forLoop({ index: j, start: 0, limit: i32.add(get(i), i32.const(1)) }, [
                scalar.store(
                  at(y, i32.add(get(first), get(j)), i32.add(get(first), get(i))),
                  scalar.load(plus(triangle, [get(i), rowsAtOnce * bytes], [get(j), bytes])),
                ),
              ]),
            ]),
            local.set(good, i32.add(get(first), get(good))),
            br_if(1, i32.lt_u(get(good), next)),
            br_if(1, i32.ge_u(next, i32.const(size))),
            call(substitute, at(y, get(first), next), get(rows), i32.sub(i32.const(size), next)),
            local.set(first, next),
            br(0),
          ]),
        ]),
        above(y, 1, [scalar.store(get(other), scalar.load(get(one))), scalar.store(get(one), scalar.const(0))]),
        forLoop({ index: i, start: get(good), limit: size }, [
          forLoop({ index: j, start: 0, limit: i32.add(get(i), i32.const(1)) }, [
            scalar.store(at(y, get(i), get(j)), scalar.const(Number.NaN)),
          ]),
        ]),
      ],
    ),
  );
}

export function emitTriangularSolve({ emitter, node, operands, output, fn }: Routine<"triangularSolve">): void {
  const { lower, transposeA } = node.params;
  const { shape, dtype } = node.outputs[0]!;
  const [size, columns] = shape.slice(-2) as [number, number];
  const count = sizeOf(shape.slice(0, -2));
  if (size === 0 || columns === 0 || count === 0) return;
  const bytes = dtype === "f32" ? 4 : 8;
  const [row, column] = transposeA ? [bytes, size * bytes] : [size * bytes, bytes];
  const system: System = { emitter, dtype: dtype as FloatType, bytes, size, columns, row, column };
  const forward = lower !== transposeA;
  const [update, take, substitute] = [
    shared(system, "update", () => addUpdate(system)),
    shared(system, "take", () => addTake(system)),
    shared(system, `substitute ${forward ? "forward" : "backward"}`, () => addSubstitution(system, forward)),
  ];
  const [a, x, index, step, first, rows, next] = fn.locals("i32", 7);
  const solution = (i: Code): Code => plus(get(x), [i, columns * bytes]);
  const triangle = (i: Code, k: Code): Code => plus(get(a), [i, row], [k, column]);
  const last = Math.floor((size - 1) / rowsAtOnce) * rowsAtOnce;
  // Rows that are solved already: those above, or those below.
  const [from, depth] = forward ? [i32.const(0), get(first)] : [get(next), i32.sub(i32.const(size), get(next))];
  fn.emit(
    memory.copy(output, operands[1]!, i32.const(count * size * columns * bytes)),
    local.set(a, operands[0]!),
    local.set(x, output),
    each(
      count,
      index,
      [
        [a, size * size * bytes],
        [x, size * columns * bytes],
      ],
      forLoop({ index: step, start: 0, limit: size, step: rowsAtOnce }, [
        local.set(first, forward ? get(step) : i32.sub(i32.const(last), get(step))),
        local.set(rows, least(i32.sub(i32.const(size), get(first)), rowsAtOnce)),
        local.set(next, i32.add(get(first), get(rows))),
        call(
          update,
          ...[triangle(get(first), from), solution(from), solution(get(first))],
          ...[get(rows), i32.const(columns), depth],
        ),
        call(take, triangle(get(first), get(first)), get(rows)),
        call(substitute, solution(get(first)), get(rows), i32.const(columns)),
      ]),
    ),
  );
}
