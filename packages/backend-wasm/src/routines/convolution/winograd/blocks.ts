// Which convolutions are computed in tiles, and how many tiles at a time.
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
/** Of the products by patches, so many at most: more do not repay the transforms, as where a side of the outputs is 1 and half of every tile is empty. */
const mostProducts = 0.8;
/** Transformed kernels take no more than this. */
const kernelBytes = 4 * 2 ** 20;
/** Transformed tiles of a block take about this, or up to four times for so many tiles: every block reads the whole kernel. */
const blockBytes = 256 * 1024;
const tilesOfBlock = 64;
/** Bytes of an element, and elements of a vector. */
export const size = 4;
const lanes = 4;

/** Tiles down and across an image, and of all images. */
export interface Tiling {
  readonly down: number;
  readonly across: number;
  readonly total: number;
}

/** Tiles of the outputs, which are the inputs of a convolution where these are computed from the gradient. */
export function tilingOf(name: Convolution, { images, windows }: Geometry): Tiling {
  const target = name === "convInputGradient" ? windows.input : windows.output;
  const [down, across] = target.map((n) => Math.ceil(n / 2)) as [number, number];
  return { down, across, total: images * down * across };
}

/**
 * Whether a convolution is computed in tiles. Only in f32: errors are relative to the largest input of a window times the largest weight, even where
 * these do not meet. For the same reason only where every weight meets the image: the gradient of another is 0, and would be what rounding leaves.
 */
export function inTiles(name: Convolution, geometry: Geometry): boolean {
  const { windows, dtype, images, groups, channels, filters, positions } = geometry;
  const { window, stride, dilation, padding, output } = windows;
  const fits =
    dtype === "f32" &&
    groups === 1 &&
    window.length === 2 &&
    window.every((n) => n === 3) &&
    [...stride, ...dilation].every((n) => n === 1) &&
    padding.every((sides, axis) => Math.max(...sides) < output[axis]!) &&
    [channels, filters].every((n) => n % lanes === 0 && n >= fewestChannels) &&
    places * channels * filters * size <= kernelBytes;
  if (!fits) return false;
  const { total } = tilingOf(name, geometry);
  return (
    total >= (name === "convKernelGradient" ? 2 : 1) * fewestTiles &&
    places * total <= mostProducts * 9 * images * positions
  );
}

/** The work of all products. */
export const workOf = ({ total }: Tiling, { channels, filters }: Geometry): number =>
  places * total * channels * filters;

/** Tiles of a block. */
export function blockOf({ channels, filters }: Geometry, tiles: number): number {
  const bytes = places * (channels + filters) * size;
  const most = Math.max(Math.floor(blockBytes / bytes), Math.min(tilesOfBlock, Math.floor((4 * blockBytes) / bytes)));
  return Math.min(tiles, Math.max(6, Math.floor(most / 6) * 6));
}

/** Of how many tiles the blocks of so many are: whole ones, and what is left. */
export const blockSizes = (tiles: number, block: number): number[] => [block, tiles % block].filter((size) => size > 0);

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
