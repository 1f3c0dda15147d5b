// What a task is here: rows whose target depends on one place alone, and where that is.
import type { Dataset } from "@hooke/data";
import type { HostArray } from "@hooke/runtime";

/** Rows with a planted cause each. */
export interface Planted {
  readonly data: Dataset;
  /** Whether a place is at the cause of a row: coordinates in pixels or steps. */
  isCause(row: number, place: readonly number[]): boolean;
}

export interface Task {
  readonly name: string;
  /** Of one row: `[..., 1]`. */
  readonly shape: readonly number[];
  /** What means "nothing there", for baselines, covers and backgrounds. */
  readonly nothing: number;
  /** Edge of the window that covers, and of the parts that share. */
  readonly window: number;
  readonly part: number;
  draw(count: number, seed: number): Planted;
}

/** The place of the largest magnitude in a map of a row: in coordinates of the input, whose places may be finer. */
export function placeOfLargest(map: HostArray, row: number, shape: readonly number[]): number[] {
  const axes = map.shape.slice(1);
  const size = axes.reduce((product, length) => product * length, 1);
  let largest = 0;
  for (let i = 1; i < size; i++) {
    if (Math.abs(Number(map.data[row * size + i])) > Math.abs(Number(map.data[row * size + largest]))) largest = i;
  }
  const place: number[] = [];
  for (let axis = axes.length - 1; axis >= 0; axis--) {
    const cell = shape[axis]! / axes[axis]!;
    place.unshift(((largest % axes[axis]!) + 0.5) * cell - 0.5);
    largest = Math.floor(largest / axes[axis]!);
  }
  return place;
}
