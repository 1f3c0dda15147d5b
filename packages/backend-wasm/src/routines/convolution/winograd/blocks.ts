// Which convolutions are computed in tiles, and how many tiles at a time.
import { sizeOf } from "@hooke/runtime";
import type { Convolution, Geometry } from "../geometry.ts";

/** The side of a tile of outputs, of the window, and of what both are transformed to. */
export const sides = { outputs: 2, window: 3, transformed: 4 } as const;
/** From so many channels and filters on, products repay the transforms of their operands: along more axes they are fewer by more. */
const fewestChannels = (axes: number): number => 2 ** (5 - axes);
/** So many tiles repay the transform of the kernel, and are a piece at least; twice as many of the kernel's gradient. */
export const fewestTiles: Readonly<Record<Convolution, number>> = {
  conv: 24,
  convInputGradient: 24,
  convKernelGradient: 48,
};
/** Of the products by patches, so many at most: more do not repay the transforms, as where a side of the outputs is 1 and half of every tile is empty. */
const mostProducts: Readonly<Record<Convolution, number>> = {
  conv: 0.8,
  convInputGradient: 0.8,
  convKernelGradient: 0.7,
};
/** Transformed kernels take no more than this. */
const kernelBytes = 4 * 2 ** 20;
/** Transformed tiles of a block take about this, or up to four times for so many tiles: every block reads the whole kernel. */
const blockBytes = 256 * 1024;
const tilesOfBlock = 64;
/** Bytes of an element, and elements of a vector. */
export const size = 4;
const lanes = 4;

/** Places of a transformed tile, or kernel. */
export const placesOf = ({ windows: { window } }: Geometry): number => sides.transformed ** window.length;

/** Tiles along each axis of an image, and of all images. */
export interface Tiling {
  readonly along: readonly number[];
  readonly total: number;
}

/** Tiles of the outputs, which are the inputs of a convolution where these are computed from the gradient. */
export function tilingOf(name: Convolution, { images, windows }: Geometry): Tiling {
  const target = name === "convInputGradient" ? windows.input : windows.output;
  const along = target.map((n) => Math.ceil(n / sides.outputs));
  return { along, total: images * sizeOf(along) };
}

/**
 * Whether a convolution is computed in tiles. Only in f32: errors are relative to the largest input of a window times the largest weight, even where
 * these do not meet. For the same reason only where every weight meets the image: the gradient of another is 0, and would be what rounding leaves. Not of
 * sequences, whose steps have the bits of the whole, however many are computed at once.
 */
export function inTiles(name: Convolution, geometry: Geometry): boolean {
  const { windows, dtype, images, groups, channels, filters, positions } = geometry;
  const { window, stride, dilation, padding, output } = windows;
  const fits =
    dtype === "f32" &&
    groups === 1 &&
    window.length > 1 &&
    window.every((n) => n === sides.window) &&
    [...stride, ...dilation].every((n) => n === 1) &&
    padding.every((sides, axis) => Math.max(...sides) < output[axis]!) &&
    [channels, filters].every((n) => n % lanes === 0 && n >= fewestChannels(window.length)) &&
    placesOf(geometry) * channels * filters * size <= kernelBytes;
  if (!fits) return false;
  const { total } = tilingOf(name, geometry);
  return (
    total >= fewestTiles[name] && placesOf(geometry) * total <= mostProducts[name] * sizeOf(window) * images * positions
  );
}

/** The work of all products. */
export const workOf = ({ total }: Tiling, geometry: Geometry): number =>
  placesOf(geometry) * total * geometry.channels * geometry.filters;

/** Tiles of a block. */
export function blockOf(geometry: Geometry, tiles: number): number {
  const bytes = placesOf(geometry) * (geometry.channels + geometry.filters) * size;
  const most = Math.max(Math.floor(blockBytes / bytes), Math.min(tilesOfBlock, Math.floor((4 * blockBytes) / bytes)));
  return Math.min(tiles, Math.max(6, Math.floor(most / 6) * 6));
}
