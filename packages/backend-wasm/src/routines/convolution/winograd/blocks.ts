// Which convolutions are computed in tiles, and how many tiles at a time.
import { sizeOf } from "@hooke/runtime";
import type { Emitter } from "../../../codegen/emitter.ts";
import { piecesOf } from "../../../dividing/grain.ts";
import type { Convolution, Geometry } from "../geometry.ts";
import { type Algorithm, four, two, windowSide } from "./algorithms.ts";

/** From so many channels and filters on, products repay the transforms of their operands: along more axes they are fewer by more. */
const fewestChannels = (axes: number): number => 2 ** (5 - axes);
/** By the side of their outputs: so many tiles repay the transform of the kernel. */
const fewestTiles: Readonly<Record<Algorithm["outputs"], Readonly<Record<Convolution, number>>>> = {
  2: { conv: 24, convInputGradient: 24, convKernelGradient: 48 },
  4: { conv: 12, convInputGradient: 12, convKernelGradient: 8 },
};
/** A piece has so many tiles at least. */
const tilesOfPiece: typeof fewestTiles = {
  2: { conv: 24, convInputGradient: 24, convKernelGradient: 48 },
  4: { conv: 24, convInputGradient: 24, convKernelGradient: 24 },
};
/** Below so many pieces of tiles, places are divided instead: the kernel of a place is then read, or computed, by one piece only. */
const fewestPieces = 4;
/** All tiles of inputs and outputs take no more than this then. */
const tilesBytes: Readonly<Record<Convolution, number>> = {
  conv: 2 ** 23,
  convInputGradient: 2 ** 23,
  convKernelGradient: 2 ** 21,
};
/** The kernel, or its gradient, is then transformed in parts that take no more than this, if they have channels enough: they stay in the second-level cache. */
const partBytes = 1.25 * 2 ** 20;
/** Elements of the kernel, and tiles, that a piece transforms at least. */
const fewestElements = 2 ** 12;
const fewestMoved = 6;
/** Of the products by patches, so many at most: more do not repay the transforms, as where a side of the outputs is 1 and half of every tile is empty. */
const mostProducts: Readonly<Record<Convolution, number>> = {
  conv: 0.8,
  convInputGradient: 0.8,
  convKernelGradient: 0.7,
};
/** Transformed kernels take no more than this: every block reads all of them. Of large tiles they are larger, and multiplications fewer. */
const kernelBytes: typeof fewestTiles = {
  2: { conv: 2 ** 22, convInputGradient: 2 ** 22, convKernelGradient: 2 ** 22 },
  4: { conv: 5 * 2 ** 20, convInputGradient: 5 * 2 ** 20, convKernelGradient: 10 * 2 ** 20 },
};
/** Large tiles of images take so many of the multiplications of small ones at most: no fewer repay a larger kernel. */
const mostOfSmall = 0.8;
/** Transformed tiles of a block take about this, or more for so many tiles, up to so much: every block reads the whole kernel. */
const blockBytes = 2 ** 17;
const tilesOfBlock = 64;
const mostBlockBytes = 2 ** 20;
/** Bytes of an element, and elements of a vector. */
export const size = 4;
const lanes = 4;

/** The algorithm, the places of a transformed tile, tiles along each axis of an image, and of all images. */
export interface Tiling {
  readonly algorithm: Algorithm;
  readonly places: number;
  readonly along: readonly number[];
  readonly total: number;
}

/** Tiles of the outputs, which are the inputs of a convolution where these are computed from the gradient. */
function tilesOf(algorithm: Algorithm, name: Convolution, { images, windows }: Geometry): Tiling {
  const target = name === "convInputGradient" ? windows.input : windows.output;
  const along = target.map((n) => Math.ceil(n / algorithm.outputs));
  const places = algorithm.transformed ** along.length;
  return { algorithm, places, along, total: images * sizeOf(along) };
}

/**
 * The tiles in which a convolution is computed, if it is. Only in f32: errors are relative to the largest input of a tile times the largest weight, even where
 * these do not meet. For the same reason only where every weight meets the image: the gradient of another is 0, and would be what rounding leaves. Not of
 * sequences, whose steps have the bits of the whole, however many are computed at once.
 */
export function tilingOf(name: Convolution, geometry: Geometry): Tiling | undefined {
  const { windows, dtype, images, groups, channels, filters, positions } = geometry;
  const { window, stride, dilation, padding, output } = windows;
  const suits =
    dtype === "f32" &&
    groups === 1 &&
    window.length > 1 &&
    window.every((n) => n === windowSide) &&
    [...stride, ...dilation].every((n) => n === 1) &&
    padding.every((sides, axis) => Math.max(...sides) < output[axis]!) &&
    [channels, filters].every((n) => n % lanes === 0 && n >= fewestChannels(window.length));
  if (!suits) return undefined;
  const repays = ({ algorithm, places, total }: Tiling): boolean =>
    places * channels * filters * size <= kernelBytes[algorithm.outputs][name] &&
    total >= fewestTiles[algorithm.outputs][name] &&
    places * total <= mostProducts[name] * sizeOf(window) * images * positions;
  const [small, large] = [two, four].map((algorithm) => tilesOf(algorithm, name, geometry)) as [Tiling, Tiling];
  const fewer = window.length === 2 && large.places * large.total <= mostOfSmall * small.places * small.total;
  if (fewer && repays(large)) return large;
  return repays(small) ? small : undefined;
}

/** The work of all products. */
export const workOf = ({ places, total }: Tiling, { channels, filters }: Geometry): number =>
  places * total * channels * filters;

/** How the work of a convolution in tiles is divided. */
export interface Division {
  /** Pieces of tiles. */
  readonly pieces: number;
  /** Where these would be too few, places of a piece; then all tiles are transformed first, so many a piece. */
  readonly placesOfPiece: number | undefined;
  readonly moved: number;
  /** Elements of a kernel that a piece transforms. */
  readonly elements: number;
}

/** @param most pieces of tiles at most */
export function divisionOf(
  emitter: Emitter,
  name: Convolution,
  geometry: Geometry,
  tiling: Tiling,
  most = Number.POSITIVE_INFINITY,
): Division {
  const { algorithm, places, total } = tiling;
  const { channels, filters } = geometry;
  const work = workOf(tiling, geometry);
  const pieces = Math.min(piecesOf(emitter, work, total, tilesOfPiece[algorithm.outputs][name]), most);
  const ofPlaces = piecesOf(emitter, work, places);
  const byPlaces =
    pieces < fewestPieces && ofPlaces > pieces && places * total * (channels + filters) * size <= tilesBytes[name];
  const plane = channels * filters;
  return {
    pieces,
    placesOfPiece: byPlaces ? Math.ceil(places / ofPlaces) : undefined,
    moved: Math.ceil(total / piecesOf(emitter, work, total, fewestMoved)),
    elements: Math.ceil(plane / piecesOf(emitter, work, plane, fewestElements) / lanes) * lanes,
  };
}

/** Channels of a part of the transformed kernel. @param most bytes of it */
export function channelsOfPart({ places }: Tiling, { channels, filters }: Geometry, most = partBytes): number {
  let some = channels;
  while (some % (2 * lanes) === 0 && places * some * filters * size > most) some /= 2;
  return some;
}

/** Tiles of a block. */
export function blockOf({ places }: Tiling, { channels, filters }: Geometry, tiles: number): number {
  const bytes = places * (channels + filters) * size;
  const most = Math.max(Math.floor(blockBytes / bytes), Math.min(tilesOfBlock, Math.floor(mostBlockBytes / bytes)));
  return Math.min(tiles, Math.max(6, Math.floor(most / 6) * 6));
}
