// Convolution with windows of 3 x 3 in tiles of 2 x 2 outputs: 16 products of matrices where patches take 36. Winograd's F(2 x 2, 3 x 3), as in
// Lavin and Gray, "Fast algorithms for convolutional neural networks", CVPR 2016. A tile of inputs, 4 x 4, and the kernel are transformed,
// multiplied place by place, and transformed back; the gradient of the kernel is the transpose of that, the gradient of the input a convolution
// with the kernel turned round.
import type { Emitter } from "../../codegen/emitter.ts";
import { inPieces, piecesOf } from "../../dividing/grain.ts";
import { combinePartials, partialStride } from "../../dividing/partials.ts";
import { advance, plus } from "../../encoder/address.ts";
import type { Code } from "../../encoder/code.ts";
import { call, forLoop, local, when } from "../../encoder/control.ts";
import type { FunctionBuilder } from "../../encoder/module.ts";
import { f32x4, i32, memory, v128 } from "../../encoder/opcodes.ts";
import { gemmScratch } from "../../gemm/gemm.ts";
import { type GemmProblem, slab } from "../../gemm/problem.ts";
import { product } from "../dot.ts";
import type { Routine } from "../routine.ts";
import { clearRow, copyRow } from "../rows.ts";
import { totalsOf } from "../totals.ts";
import { type Convolution, type Geometry, partialBytes } from "./geometry.ts";

/** Places of a transformed tile, or kernel. */
const places = 16;
/** Transforms pay from so many products per number that they transform. */
const fewestChannels = 16;
/** So many tiles repay the transform of the kernel, twice as many that of its gradient, and are a piece at least. */
const fewestTiles = 48;
/** Transformed kernels take no more than this. */
const kernelBytes = 4 * 2 ** 20;
/** Transformed tiles of a block take about this, or up to four times for so many tiles: every block reads the whole kernel. */
const blockBytes = 256 * 1024;
const tilesOfBlock = 64;
const size = 4;
const lanes = 4;

/** Of the outputs: those of an input gradient are as many but for the margin. */
const tilesOf = ({ images, windows: { output } }: Geometry): number =>
  images * output.reduce((count, n) => count * Math.ceil(n / 2), 1);

/**
 * Whether a convolution is computed in tiles. Only in f32: errors are relative to the largest input of a window times the largest weight, even where
 * these do not meet.
 */
export function inTiles(name: Convolution, geometry: Geometry): boolean {
  const { windows, dtype, groups, channels, filters } = geometry;
  const { window, stride, dilation } = windows;
  return (
    dtype === "f32" &&
    groups === 1 &&
    window.length === 2 &&
    window.every((n) => n === 3) &&
    [...stride, ...dilation].every((n) => n === 1) &&
    [channels, filters].every((n) => n % lanes === 0 && n >= fewestChannels) &&
    places * channels * filters * size <= kernelBytes &&
    tilesOf(geometry) >= (name === "convKernelGradient" ? 2 : 1) * fewestTiles
  );
}

/** A transform of a few vectors along one axis. The codes it receives may be repeated. */
type Transform = (vectors: readonly Code[]) => readonly Code[];

const { add, sub } = f32x4;
const half = (value: Code): Code => f32x4.mul(value, f32x4.const(0.5));
const inputTransform: Transform = ([a, b, c, d]) => [sub(a!, c!), add(b!, c!), sub(c!, b!), sub(b!, d!)];
const kernelTransform: Transform = ([a, b, c]) => {
  const outer = add(a!, c!);
  return [a!, half(add(outer, b!)), half(sub(outer, b!)), c!];
};
const outputTransform: Transform = ([a, b, c, d]) => [add(add(a!, b!), c!), sub(sub(b!, c!), d!)];
/** The transposes of the last two. */
const outputGradient: Transform = ([a, b]) => [a!, add(a!, b!), sub(a!, b!), f32x4.neg(b!)];
const kernelGradient: Transform = ([a, b, c, d]) => [
  add(a!, half(add(b!, c!))),
  half(sub(b!, c!)),
  add(half(add(b!, c!)), d!),
];

/**
 * Transforms a square of vectors along both axes.
 *
 * @param side of the square
 * @param load, store code of the vector at a row and a column
 */
function transformSquare(
  fn: FunctionBuilder,
  side: number,
  transform: Transform,
  load: (row: number, column: number) => Code,
  store: (row: number, column: number, value: Code) => Code,
): Code {
  const line = Array.from({ length: side }, () => fn.local("v128"));
  const columns: number[][] = [];
  const get = (locals: readonly number[]): Code[] => locals.map((index) => local.get(index));
  const down: Code[] = [];
  for (let column = 0; column < side; column++) {
    const values = transform(get(line));
    const targets = values.map(() => fn.local("v128"));
    down.push(
      line.map((index, row) => local.set(index, load(row, column))),
      values.map((value, row) => local.set(targets[row]!, value)),
    );
    columns.push(targets);
  }
  const across = columns[0]!.map((_, row) =>
    transform(get(columns.map((column) => column[row]!))).map((value, column) => store(row, column, value)),
  );
  fn.release(...line, ...columns.flat());
  return [down, across];
}

/** `(source, target)`: planes of a kernel, `count` numbers each, transformed; turned round for the gradient of the input. */
function addKernelTransform(emitter: Emitter, direction: "kernel" | "turned" | "gradient", count: number): number {
  return emitter.module.share(`winograd ${direction} ${count}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32"]);
    const [source, target] = [0, 1] as const;
    const offset = fn.local("i32");
    const bytes = count * size;
    const [side, sideOut, transform] =
      direction === "gradient" ? ([4, 3, kernelGradient] as const) : ([3, 4, kernelTransform] as const);
    const from = (row: number, column: number): number => {
      const place = side * row + column;
      return (direction === "turned" ? 8 - place : place) * bytes;
    };
    fn.emit(
      forLoop({ index: offset, start: 0, limit: bytes, step: 16 }, [
        transformSquare(
          fn,
          side,
          transform,
          (row, column) => v128.load(local.get(source), from(row, column)),
          (row, column, value) => v128.store(local.get(target), value, (sideOut * row + column) * bytes),
        ),
        advance(source, 16),
        advance(target, 16),
      ]),
    );
    return fn.index;
  });
}

/** Images of one size, of which tiles are taken or written. */
interface Images {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Tiles down and across an image. */
  readonly down: number;
  readonly across: number;
}

/** Locals with the place of a tile. */
interface TilePlace {
  readonly image: number;
  readonly row: number;
  readonly column: number;
}

/** `body` for each of `count` consecutive tiles from `first`, given locals with the tile's place. */
function forTiles(
  fn: FunctionBuilder,
  { down, across }: Images,
  first: number,
  count: number,
  body: (place: TilePlace) => Code,
): Code {
  const [index, rest, image, row, column] = fn.locals("i32", 5);
  const tile = i32.add(local.get(first), local.get(index));
  return forLoop({ index, start: 0, limit: local.get(count) }, [
    local.set(image, i32.div_u(local.tee(rest, tile), i32.const(down * across))),
    local.set(rest, i32.rem_u(local.get(rest), i32.const(down * across))),
    local.set(row, i32.div_u(local.get(rest), i32.const(across))),
    local.set(column, i32.rem_u(local.get(rest), i32.const(across))),
    body({ image, row, column }),
  ]);
}

/** The address of a pixel, whose row and column are codes. */
const pixel = ({ height, width, channels }: Images, base: number, image: number, row: Code, column: Code): Code => {
  const rows = plus(row, [local.get(image), height]);
  return plus(local.get(base), [plus(column, [rows, width]), channels * size]);
};

/** `(images, target, first, count, spare)`: tiles of inputs, 4 x 4, transformed: one matrix of tiles for each of 16 places. `spare` holds a tile. */
function addInputTiles(
  emitter: Emitter,
  images: Images,
  [paddingDown, paddingAcross]: readonly [number, number],
  planeBytes: number,
): number {
  const { height, width, channels } = images;
  const { module } = emitter;
  const rowBytes = channels * size;
  return module.share(`winograd inputs ${JSON.stringify([images, paddingDown, paddingAcross, planeBytes])}`, () => {
    const transform = addTileTransform(emitter, channels, planeBytes);
    const fn = module.addFunction(["i32", "i32", "i32", "i32", "i32"]);
    const [base, target, first, count, spare] = [0, 1, 2, 3, 4] as const;
    const [top, left, from, to, y, x] = fn.locals("i32", 6);
    const get = local.get;
    const body = ({ image, row, column }: TilePlace): Code => {
      const inside = (line: number, extent: number): Code => i32.lt_u(get(line), i32.const(extent));
      const whole = i32.and(inside(top, Math.max(0, height - 3)), inside(left, Math.max(0, width - 3)));
      const [rowOf, columnOf] = [i32.add(get(top), get(y)), i32.add(get(left), get(x))];
      const within = i32.and(i32.lt_u(rowOf, i32.const(height)), i32.lt_u(columnOf, i32.const(width)));
      const copied: Code = [
        local.set(to, get(spare)),
        forLoop(
          { index: y, start: 0, limit: 4 },
          forLoop({ index: x, start: 0, limit: 4 }, [
            when(
              within,
              [local.set(from, pixel(images, base, image, rowOf, columnOf)), copyRow(to, from, rowBytes)],
              clearRow(to, rowBytes),
            ),
            advance(to, rowBytes),
          ]),
        ),
      ];
      return [
        local.set(top, i32.sub(i32.shl(get(row), i32.const(1)), i32.const(paddingDown))),
        local.set(left, i32.sub(i32.shl(get(column), i32.const(1)), i32.const(paddingAcross))),
        when(
          whole,
          call(transform, pixel(images, base, image, get(top), get(left)), i32.const(width * rowBytes), get(target)),
          [copied, call(transform, get(spare), i32.const(4 * rowBytes), get(target))],
        ),
        advance(target, rowBytes),
      ];
    };
    fn.emit(forTiles(fn, images, first, count, body));
    return fn.index;
  });
}

/** `(source, bytes from row to row, target)`: one tile of inputs. */
function addTileTransform(emitter: Emitter, channels: number, planeBytes: number): number {
  return emitter.module.share(`winograd input ${channels} ${planeBytes}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32", "i32"]);
    const [source, rowBytes, target] = [0, 1, 2] as const;
    const offset = fn.local("i32");
    const rows = fn.locals("i32", 4);
    const get = local.get;
    fn.emit(
      rows.map((row, i) => local.set(row, i === 0 ? get(source) : i32.add(get(rows[i - 1]!), get(rowBytes)))),
      forLoop({ index: offset, start: 0, limit: channels * size, step: 16 }, [
        transformSquare(
          fn,
          4,
          inputTransform,
          (row, column) => v128.load(get(rows[row]!), column * channels * size),
          (row, column, value) => v128.store(get(target), value, (4 * row + column) * planeBytes),
        ),
        rows.map((row) => advance(row, 16)),
        advance(target, 16),
      ]),
    );
    return fn.index;
  });
}

/**
 * `(images, planes, first, count)`: tiles of outputs, 2 x 2, computed from the 16 matrices, or, of a gradient, transformed to them. What of a
 * tile lies beyond the image is not written, or 0.
 */
function addOutputTiles(
  emitter: Emitter,
  direction: "compute" | "gradient",
  images: Images,
  planeBytes: number,
): number {
  const { height, width, channels } = images;
  return emitter.module.share(`winograd outputs ${direction} ${JSON.stringify([images, planeBytes])}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32", "i32", "i32"]);
    const [base, planes, first, count] = [0, 1, 2, 3] as const;
    const [offset, upper, lower, twoRows, twoColumns] = fn.locals("i32", 5);
    const get = local.get;
    const rowBytes = channels * size;
    const zero = v128.const(new Array(16).fill(0));
    /** Nothing, where the image has all rows and columns of its tiles. */
    const has = (row: number, column: number): Code => {
      const conditions = [
        ...(row === 1 && height % 2 === 1 ? [get(twoRows)] : []),
        ...(column === 1 && width % 2 === 1 ? [get(twoColumns)] : []),
      ];
      return conditions.length === 0 ? [] : conditions.reduce((a, b) => i32.and(a, b));
    };
    const at = (row: number): Code => get(row === 0 ? upper : lower);
    const plane = (row: number, column: number): number => (4 * row + column) * planeBytes;
    const code =
      direction === "compute"
        ? transformSquare(
            fn,
            4,
            outputTransform,
            (row, column) => v128.load(get(planes), plane(row, column)),
            (row, column, value) => {
              const store = v128.store(at(row), value, column * rowBytes);
              const condition = has(row, column);
              return condition.length === 0 ? store : when(condition, store);
            },
          )
        : transformSquare(
            fn,
            2,
            outputGradient,
            (row, column) => {
              const load = v128.load(at(row), column * rowBytes);
              const condition = has(row, column);
              return condition.length === 0 ? load : when(condition, load, zero, "v128");
            },
            (row, column, value) => v128.store(get(planes), value, plane(row, column)),
          );
    const second = (line: number, extent: number): Code =>
      i32.lt_u(i32.add(i32.shl(get(line), i32.const(1)), i32.const(1)), i32.const(extent));
    fn.emit(
      forTiles(fn, images, first, count, ({ image, row, column }) => [
        local.set(
          upper,
          pixel(images, base, image, i32.shl(get(row), i32.const(1)), i32.shl(get(column), i32.const(1))),
        ),
        local.set(lower, i32.add(get(upper), i32.const(width * rowBytes))),
        local.set(twoRows, second(row, height)),
        local.set(twoColumns, second(column, width)),
        forLoop({ index: offset, start: 0, limit: rowBytes, step: 16 }, [
          code,
          advance(upper, 16),
          advance(lower, 16),
          advance(planes, 16),
        ]),
      ]),
    );
    return fn.index;
  });
}

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Memory that a piece has to itself: the address of each part. */
function scratchOf(emitter: Emitter, ...parts: readonly number[]): readonly Code[] {
  const sizes = parts.map(align);
  const start = emitter.scratch(sizes.reduce((sum, bytes) => sum + bytes, 0));
  return sizes.map((_, i) => i32.add(start, i32.const(sizes.slice(0, i).reduce((sum, bytes) => sum + bytes, 0))));
}

/** Tiles of a block. */
function blockOf({ channels, filters }: Geometry, tiles: number): number {
  const bytes = places * (channels + filters) * size;
  const most = Math.max(Math.floor(blockBytes / bytes), Math.min(tilesOfBlock, Math.floor((4 * blockBytes) / bytes)));
  return Math.min(tiles, Math.max(6, Math.floor(most / 6) * 6));
}

/** `body` for each block of a piece: the first of its tiles, and how many. */
function forBlocks(
  fn: FunctionBuilder,
  firstTile: Code,
  tiles: number,
  block: number,
  body: (first: Code, count: number) => Code,
): Code {
  const [start, first] = fn.locals("i32", 2);
  const whole = tiles - (tiles % block);
  const rest = tiles % block;
  const at = (count: number): Code => [
    local.set(first, i32.add(firstTile, local.get(start))),
    body(local.get(first), count),
  ];
  return [
    whole === 0 ? [] : forLoop({ index: start, start: 0, limit: whole, step: block }, at(block)),
    rest === 0 ? [] : [local.set(start, i32.const(whole)), at(rest)],
  ];
}

/** Code of the whole convolution. */
export function byTiles(routine: Routine<Convolution>, geometry: Geometry): Code {
  return routine.node.primitive === "convKernelGradient"
    ? kernelGradientByTiles(routine, geometry)
    : imagesByTiles(routine, geometry);
}

const extents = ([height, width]: readonly number[]): Pick<Images, "height" | "width"> => ({
  height: height!,
  width: width!,
});

const workOf = (geometry: Geometry): number => places * tilesOf(geometry) * geometry.channels * geometry.filters;

/** The convolution, or the gradient of its input. */
function imagesByTiles({ emitter, node, operands, output, fn }: Routine<Convolution>, geometry: Geometry): Code {
  const { windows, images, channels, filters } = geometry;
  const turned = node.primitive === "convInputGradient";
  const [source, target] = turned ? [windows.output, windows.input] : [windows.input, windows.output];
  const [depth, width] = turned ? [filters, channels] : [channels, filters];
  const padding = windows.padding.map(([low]) => (turned ? 2 - low : low)) as [number, number];
  const tiling = { down: Math.ceil(target[0]! / 2), across: Math.ceil(target[1]! / 2) };
  const inputs: Images = { ...extents(source), channels: depth, ...tiling };
  const outputs: Images = { ...extents(target), channels: width, ...tiling };
  const total = images * tiling.down * tiling.across;
  const pieces = piecesOf(emitter, workOf(geometry), total, fewestTiles);
  const each = Math.ceil(total / pieces);
  const block = blockOf(geometry, each);
  const kernelSize = places * channels * filters * size;
  const problem = (tiles: number): GemmProblem => ({
    ...{ m: tiles, n: width, k: depth, transposeA: false, transposeB: turned, dtype: "f32" },
    batch: { count: places, strideA: block * depth, strideB: channels * filters, strideC: block * width },
  });
  const rest = (tiles: number): number => gemmScratch(problem(tiles), emitter.generators.large);
  const own = pieces === 1 ? kernelSize : 0;
  const [ownKernel, tiles, results, spare, gemm] = scratchOf(
    emitter,
    own,
    places * block * depth * size,
    places * block * width * size,
    places * depth * size,
    Math.max(...[block, each % block, (total - (Math.ceil(total / each) - 1) * each) % block].map(rest)),
  );
  const kernel = pieces === 1 ? ownKernel! : emitter.partials(kernelSize);
  const take = addInputTiles(emitter, inputs, padding, block * depth * size);
  const give = addOutputTiles(emitter, "compute", outputs, block * width * size);
  const part = (inner: FunctionBuilder, count: number, first: Code): Code =>
    forBlocks(inner, first, count, block, (firstTile, tilesOfPart) => [
      call(take, operands[0]!, tiles!, firstTile, i32.const(tilesOfPart), spare!),
      product(emitter, problem(tilesOfPart), tiles!, kernel, results!, gemm!),
      call(give, output, results!, firstTile, i32.const(tilesOfPart)),
    ]);
  return [
    call(addKernelTransform(emitter, turned ? "turned" : "kernel", channels * filters), operands[1]!, kernel),
    pieces === 1 ? part(fn, total, i32.const(0)) : inPieces(emitter, total, each, part),
  ];
}

/** The gradient of the kernel: sums over all tiles. */
function kernelGradientByTiles({ emitter, operands, output, fn }: Routine<Convolution>, geometry: Geometry): Code {
  const { windows, images, channels, filters } = geometry;
  const tiling = { down: Math.ceil(windows.output[0]! / 2), across: Math.ceil(windows.output[1]! / 2) };
  const inputs: Images = { ...extents(windows.input), channels, ...tiling };
  const outputs: Images = { ...extents(windows.output), channels: filters, ...tiling };
  const padding = windows.padding.map(([low]) => low) as [number, number];
  const total = images * tiling.down * tiling.across;
  const plane = channels * filters;
  const stride = partialStride(9 * plane * size);
  const pieces = Math.min(
    piecesOf(emitter, workOf(geometry), total, fewestTiles),
    Math.max(1, Math.floor(partialBytes / stride)),
  );
  const each = Math.ceil(total / pieces);
  const block = blockOf(geometry, each);
  const problem = (tiles: number): GemmProblem => ({
    ...{ m: channels, n: filters, k: tiles, transposeA: true, transposeB: false, dtype: "f32", accumulate: true },
    batch: { count: places, strideA: block * channels, strideB: block * filters, strideC: plane },
  });
  const take = addInputTiles(emitter, inputs, padding, block * channels * size);
  const takeOutputs = addOutputTiles(emitter, "gradient", outputs, block * filters * size);
  const back = addKernelTransform(emitter, "gradient", plane);
  /** So many tiles are added up in f32. */
  const run = Math.max(1, Math.floor(slab / block)) * block;
  const part = (inner: FunctionBuilder, count: number, first: Code, target: Code): Code => {
    const long = count > run;
    const counts = [block, count % block, run % block, (count % run) % block].filter((tiles) => tiles > 0);
    const [sums, tiles, gradients, spare, gemm, wide, single] = scratchOf(
      emitter,
      places * plane * size,
      places * block * channels * size,
      places * block * filters * size,
      places * channels * size,
      Math.max(...counts.map((tiles) => gemmScratch(problem(tiles), emitter.generators.large))),
      long ? 9 * plane * 8 : 0,
      long ? 9 * plane * size : 0,
    );
    const clear = memory.fill(sums!, i32.const(0), i32.const(places * plane * size));
    const added = (tilesOfRun: number, firstOfRun: Code): Code => [
      clear,
      forBlocks(inner, firstOfRun, tilesOfRun, block, (firstTile, tilesOfPart) => [
        call(take, operands[0]!, tiles!, firstTile, i32.const(tilesOfPart), spare!),
        call(takeOutputs, operands[1]!, gradients!, firstTile, i32.const(tilesOfPart)),
        product(emitter, problem(tilesOfPart), tiles!, gradients!, sums!, gemm!),
      ]),
    ];
    if (!long) return [added(count, first), call(back, sums!, target)];
    const [totals, singles] = inner.locals("i32", 2);
    const pass = totalsOf(inner, totals, singles);
    const code = [
      memory.fill(wide!, i32.const(0), i32.const(9 * plane * 8)),
      local.set(totals, wide),
      forBlocks(inner, first, count, run, (firstOfRun, tilesOfRun) => [
        added(tilesOfRun, firstOfRun),
        call(back, sums!, single!),
        local.set(singles, single),
        pass.add(9 * plane),
      ]),
      local.set(singles, target),
      pass.finish(9 * plane),
    ];
    inner.release(totals, singles);
    return code;
  };
  if (pieces === 1) return part(fn, total, i32.const(0), output);
  const count = Math.ceil(total / each);
  const partials = emitter.partials(count * stride);
  return [
    inPieces(emitter, total, each, (inner, tiles, first, piece) =>
      part(inner, tiles, first, plus(partials, [piece, stride])),
    ),
    combinePartials(emitter, fn, { dtype: "f32", bytes: 9 * plane * size, count: 9 * plane, pieces: count }, output),
  ];
}
