// Which convolutions are computed in tiles, and how many tiles at a time.
import type { Emitter } from "../../../codegen/emitter.ts";
import type { Code } from "../../../encoder/code.ts";
import { forLoop, local } from "../../../encoder/control.ts";
import type { FunctionBuilder } from "../../../encoder/module.ts";
import { i32 } from "../../../encoder/opcodes.ts";
import type { Convolution, Geometry } from "../geometry.ts";

/** Places of a transformed tile, or kernel. */
export const places = 16;
/** Transforms pay from so many products per number that they transform. */
const fewestChannels = 16;
/** So many tiles repay the transform of the kernel, twice as many that of its gradient, and are a piece at least. */
export const fewestTiles = 48;
/** Transformed kernels take no more than this. */
const kernelBytes = 4 * 2 ** 20;
/** Transformed tiles of a block take about this, or up to four times for so many tiles: every block reads the whole kernel. */
const blockBytes = 256 * 1024;
const tilesOfBlock = 64;
/** Bytes of an element, and elements of a vector. */
export const size = 4;
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

/** The work of all products. */
export const workOf = (geometry: Geometry): number => places * tilesOf(geometry) * geometry.channels * geometry.filters;

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Memory that a piece has to itself: the address of each part. */
export function scratchOf(emitter: Emitter, ...parts: readonly number[]): readonly Code[] {
  const sizes = parts.map(align);
  const start = emitter.scratch(sizes.reduce((sum, bytes) => sum + bytes, 0));
  return sizes.map((_, i) => i32.add(start, i32.const(sizes.slice(0, i).reduce((sum, bytes) => sum + bytes, 0))));
}

/** Tiles of a block. */
export function blockOf({ channels, filters }: Geometry, tiles: number): number {
  const bytes = places * (channels + filters) * size;
  const most = Math.max(Math.floor(blockBytes / bytes), Math.min(tilesOfBlock, Math.floor((4 * blockBytes) / bytes)));
  return Math.min(tiles, Math.max(6, Math.floor(most / 6) * 6));
}

/** `body` for each block of a piece: the first of its tiles, and how many. */
export function forBlocks(
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
