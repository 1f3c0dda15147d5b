// Square periodic fields of numbers, row by row, and what all textures are made of: waves, lines, spots.
import type { Random } from "./random.ts";

export type Field = Float32Array<ArrayBuffer>;

export const sideOf = (field: Field): number => Math.sqrt(field.length);

/** The remainder that is not negative. */
export const wrap = (index: number, side: number): number => ((index % side) + side) % side;

/** What a random field is made of. */
export interface Spectrum {
  /** Draws a number of waves per edge. */
  readonly waves: (random: Random) => number;
  /** Of a wave with so many per edge. Default: all alike. */
  readonly amplitude?: (waves: number) => number;
  /** Length of features along `angle` over their length across it. Default 1. */
  readonly aspect?: number;
  /** Radians. Default 0. */
  readonly angle?: number;
}

const waveCount = 64;

/**
 * A random field of mean 0 and variance 1, nearly Gaussian: plane waves with random directions, numbers and phases, rounded to
 * whole numbers per edge, so that the field is periodic.
 */
export function randomField(random: Random, side: number, spectrum: Spectrum): Field {
  const { waves, amplitude = () => 1, aspect = 1, angle = 0 } = spectrum;
  const field = new Float32Array(side * side);
  const cosines = Float32Array.from({ length: side }, (_, i) => Math.cos((2 * Math.PI * i) / side));
  const [along, across] = [Math.cos(angle), Math.sin(angle)];
  let power = 0;
  for (let wave = 0; wave < waveCount; wave++) {
    const count = waves(random);
    const direction = random.uniform(0, 2 * Math.PI);
    const [p, q] = [(count * Math.cos(direction)) / aspect, count * Math.sin(direction)];
    const kx = wrap(Math.round(p * along - q * across), side);
    const ky = wrap(Math.round(p * across + q * along), side);
    const shift = Math.floor(random.uniform(0, side));
    const weight = amplitude(count);
    if (kx === 0 && ky === 0) continue;
    power += weight ** 2 / 2;
    for (let y = 0, i = 0; y < side; y++) {
      let at = (ky * y + shift) % side;
      for (let x = 0; x < side; x++, i++) {
        field[i]! += weight * cosines[at]!;
        at += kx;
        if (at >= side) at -= side;
      }
    }
  }
  const scale = 1 / Math.sqrt(power || 1);
  return field.map((value) => value * scale);
}

/** A field whose details continue to all scales: how strongly, `roughness` says, from 0 (smooth) to 1. */
export function roughField(random: Random, side: number, roughness: number): Field {
  return randomField(random, side, {
    waves: (draw) => draw.logUniform(1, side / 3),
    amplitude: (count) => count ** (roughness - 1),
  });
}

/** 1 at the `share` of points with the highest values, 0 elsewhere. */
export function highest(field: Field, share: number): Field {
  const threshold = field.toSorted()[Math.min(field.length - 1, Math.round((1 - share) * field.length))]!;
  return field.map((value) => (value >= threshold ? 1 : 0));
}

/** Calls `visit` with every point within `reach` of a place, and the way to it. */
export function around(
  side: number,
  [x, y]: readonly [number, number],
  reach: number,
  visit: (index: number, dx: number, dy: number) => void,
): void {
  const half = Math.min(Math.ceil(reach), Math.floor((side - 1) / 2));
  const [left, top] = [Math.round(x), Math.round(y)];
  for (let j = top - half; j <= top + half; j++) {
    for (let i = left - half; i <= left + half; i++) {
      visit(wrap(j, side) * side + wrap(i, side), i - x, j - y);
    }
  }
}

/** A stroke with round ends. */
export interface Stroke {
  readonly from: readonly [x: number, y: number];
  /** Radians. */
  readonly angle: number;
  readonly length: number;
  readonly width: number;
}

/** Marks where a stroke lies, 1 inside of it, with edges of one point; what is marked more strongly stays. */
export function markStroke(cover: Field, { from: [x, y], angle, length, width }: Stroke): void {
  const side = sideOf(cover);
  const steps = Math.max(1, Math.ceil(length));
  for (let step = 0; step <= steps; step++) {
    const way = (length * step) / steps;
    const place = [x + way * Math.cos(angle), y + way * Math.sin(angle)] as const;
    around(side, place, width / 2 + 1, (index, dx, dy) => {
      const inside = Math.min(1, width / 2 + 0.5 - Math.hypot(dx, dy));
      if (inside > cover[index]!) cover[index] = inside;
    });
  }
}

/** A field with another value where it is covered. */
export const covered = (field: Field, cover: Field, value: number): Field =>
  field.map((old, i) => old + (value - old) * cover[i]!);

/** Stretched to the range from 0 to 1. */
export function stretched(field: Field): Field {
  const low = field.reduce((least, value) => Math.min(least, value), Infinity);
  const high = field.reduce((most, value) => Math.max(most, value), -Infinity);
  return field.map((value) => (value - low) / (high - low || 1));
}
