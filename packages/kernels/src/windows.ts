// Loops over the places of a window, and where in the image they are.
import type { Text } from "./text.ts";

/** Windows that slide over the spatial dimensions of an image. */
export interface Windows {
  readonly window: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilation: readonly number[];
}

/**
 * Adds a loop over the places of a window along one dimension, and skips what is outside.
 *
 * @param from the place of the window, of its output
 * @param size of the image
 * @param body adds what is done with the place in the image and in the window
 */
export function overWindow(
  text: Text,
  windows: Windows,
  dimension: number,
  from: string,
  size: number,
  body: (at: string, tap: string) => void,
): void {
  const { window, stride, padding, dilation } = windows;
  overTaps(text, window[dimension]!, (tap) => {
    const at = place(text, from, stride[dimension]!, tap, dilation[dimension]!, padding[dimension]![0]);
    text.add(`if (${at} >= ${size}u) { continue; }`);
    body(at, tap);
  });
}

/** Adds a loop over numbers below a count, which is there for 1 too: what is inside may `continue`. */
export function overTaps(text: Text, count: number, body: (tap: string) => void): void {
  const tap = text.name("tap");
  text.add(`for (var ${tap} = 0u; ${tap} < ${count}u; ${tap}++) {`);
  body(tap);
  text.add("}");
}

/** Adds where a tap of a window is in the image, counted modulo 2^32: what is before it is beyond its end. */
export function place(
  text: Text,
  from: string,
  stride: number,
  tap: string,
  dilation: number,
  padding: number,
): string {
  const start = stride === 1 ? from : `${from} * ${stride}u`;
  return text.define(`${start} + ${tap} * ${dilation}u - ${padding}u`, "at");
}

/**
 * Adds a loop over the outputs whose windows see a place of the image along one dimension.
 *
 * @param from the place in the image
 * @param size of the output
 * @param body adds what is done with the output's place and that in its window
 */
export function overSeeing(
  text: Text,
  windows: Windows,
  dimension: number,
  from: string,
  size: number,
  body: (at: string, tap: string) => void,
): void {
  const { window, stride, padding, dilation } = windows;
  overTaps(text, window[dimension]!, (tap) => {
    const { at, isThere } = seeing(
      text,
      from,
      stride[dimension]!,
      tap,
      dilation[dimension]!,
      padding[dimension]![0],
      size,
    );
    text.add(`if (!${isThere}) { continue; }`);
    body(at, tap);
  });
}

/** Adds which output sees a place of the image at a tap of its window, and whether there is one. */
export function seeing(
  text: Text,
  from: string,
  stride: number,
  tap: string,
  dilation: number,
  padding: number,
  size: number,
): { readonly at: string; readonly isThere: string } {
  const start = text.define(`${from} + ${padding}u - ${tap} * ${dilation}u`, "start");
  if (stride === 1) return { at: start, isThere: text.define(`${start} < ${size}u`, "there") };
  const at = text.define(`${start} / ${stride}u`, "at");
  // What is before the image is far beyond it, modulo 2^32.
  return { at, isThere: text.define(`${at} < ${size}u && ${at} * ${stride}u == ${start}`, "there") };
}

/** Adds the number of a place in row-major order. */
export function numberOf(text: Text, places: readonly string[], sizes: readonly number[]): string {
  return places.slice(1).reduce((sum, at, i) => text.define(`${sum} * ${sizes[i + 1]}u + ${at}`), places[0]!);
}

/** Nested loops, the first outermost. */
export function nested<T>(
  count: number,
  loop: (dimension: number, body: (inner: T) => void) => void,
  body: (all: readonly T[]) => void,
  all: readonly T[] = [],
): void {
  if (all.length === count) body(all);
  else loop(all.length, (inner) => nested(count, loop, body, [...all, inner]));
}
