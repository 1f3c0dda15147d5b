// Damage to files: bits, bytes and numbers changed, parts cut off, left out, doubled, and taken from another file. Seeded.
import { foldHost, randomKey } from "@hooke/runtime";

/** Draws a whole number from 0 to below `bound`. */
export type Draw = (bound: number) => number;

/** What a case draws: the same in each run for a name and a number. */
export function drawer(name: string, index: number): Draw {
  let state = foldHost(foldHost(randomKey(1), name), index).data[0]!;
  // Mulberry32: a file takes up to dozens of draws, and nothing depends on their quality.
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

const extremes: readonly number[] = [0, 1, 2 ** 15 - 1, 2 ** 16 - 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 24];

/** A place in a file; headers and directories, at its ends, are hit as often as all the rest. */
function placeIn(length: number, draw: Draw): number {
  const near = Math.min(length, 600);
  return [() => draw(length), () => draw(near), () => length - 1 - draw(near)][draw(3)]!();
}

type Change = (file: Uint8Array<ArrayBuffer>, other: Uint8Array, draw: Draw) => Uint8Array<ArrayBuffer>;

const joined = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
};

const flipBit: Change = (file, _, draw) => {
  file[placeIn(file.length, draw)]! ^= 1 << draw(8);
  return file;
};
const setByte: Change = (file, _, draw) => {
  file[placeIn(file.length, draw)] = draw(256);
  return file;
};
/** A number of one to eight bytes, in either order. */
const setNumber: Change = (file, _, draw) => {
  const size = 1 << draw(4);
  const value = draw(4) === 0 ? draw(2 ** 32) : extremes[draw(extremes.length)]!;
  const bytes = Array.from({ length: size }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256);
  if (draw(2) === 0) bytes.reverse();
  const place = placeIn(file.length, draw) & ~(size - 1);
  for (let i = 0; i < size && place + i < file.length; i++) file[place + i] = bytes[i]!;
  return file;
};
const cutShort: Change = (file, _, draw) => file.slice(0, placeIn(file.length, draw));
const leaveOut: Change = (file, _, draw) => {
  const place = placeIn(file.length, draw);
  return joined(file.subarray(0, place), file.subarray(place + 1 + draw(64)));
};
const double: Change = (file, _, draw) => {
  const place = placeIn(file.length, draw);
  return joined(file.subarray(0, place + 1 + draw(64)), file.subarray(place));
};
/** The start of one file, and the end of another. */
const splice: Change = (file, other, draw) =>
  joined(file.subarray(0, placeIn(file.length, draw)), other.subarray(placeIn(other.length, draw)));
/** A part of another file, at its place or elsewhere. */
const transplant: Change = (file, other, draw) => {
  const from = placeIn(other.length, draw);
  const to = draw(2) === 0 ? Math.min(from, file.length) : placeIn(file.length, draw);
  const part = other.subarray(from, from + 1 + draw(200)).subarray(0, file.length - to);
  file.set(part, to);
  return file;
};

const changes: readonly Change[] = [
  ...[flipBit, flipBit, setByte, setByte, setNumber, setNumber],
  ...[cutShort, leaveOut, double, splice, transplant],
];

/** One of the files, with one to four changes. */
export function damaged(files: readonly Uint8Array[], draw: Draw): Uint8Array<ArrayBuffer> {
  let file = Uint8Array.from(files[draw(files.length)]!);
  for (let left = 1 + draw(4); left > 0 && file.length > 0; left--) {
    file = changes[draw(changes.length)]!(file, files[draw(files.length)]!, draw);
  }
  return file;
}
