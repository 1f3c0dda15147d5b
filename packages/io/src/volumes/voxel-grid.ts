// Volumes on regular grids, as files of imaging and of simulation hold them: numbers at voxels, and where these are.
import { fail, type HostArray } from "@hooke/runtime";

/** A number for each axis of space. */
export interface Axes {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Numbers at the voxels of a regular grid. */
export interface VoxelGrid {
  /** `[depth, height, width, channels]`: along z, y, x, and the numbers of a voxel. */
  readonly values: HostArray;
  /** From a voxel to the next along each axis of the grid, above 0, in the file's unit of length. */
  readonly spacing: Axes;
  /** Where the first voxel is, in the file's unit of length. */
  readonly origin: Axes;
}

/** Bytes that a volume may take unless its caller says otherwise. */
export const defaultLimit: number = 2 ** 31;

/**
 * The number of elements of a grid.
 *
 * @param extents what the file states, each of which is to be a whole number from 1
 * @throws where one is not, and where the elements take more than `limit` bytes
 */
export function countElements(who: string, extents: readonly number[], elementSize: number, limit: number): number {
  const shown = extents.join("x");
  if (!extents.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    fail(who, `states the size ${shown}; each is a whole number from 1: the file is damaged.`, "corrupt-file");
  }
  const count = extents.reduce((product, extent) => product * extent, 1);
  if (!(count * elementSize <= limit)) {
    fail(
      who,
      `states the size ${shown}, which takes ${count * elementSize} bytes; the option limit allows ${limit}. Raise it for files you trust.`,
      "unsupported",
    );
  }
  return count;
}

/** What has the channels first, `[channels, depth, height, width]`, with the channels last. */
export function channelsLast({ shape, dtype, data }: HostArray): HostArray {
  const [channels, depth, height, width] = shape as [number, number, number, number];
  const moved = [depth, height, width, channels];
  if (channels === 1) return { shape: moved, dtype, data };
  const voxels = depth * height * width;
  const result = data.slice();
  for (let channel = 0, from = 0; channel < channels; channel++) {
    for (let voxel = 0; voxel < voxels; voxel++) result[voxel * channels + channel] = data[from++]!;
  }
  return { shape: moved, dtype, data: result };
}
