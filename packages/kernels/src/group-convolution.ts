// Convolutions and both their gradients as products that workgroups make: of all places and taps at once, each found where it is read.
import { sizeOf } from "@hooke/runtime";
import type { Geometry } from "./geometry.ts";
import type { GroupProduct } from "./group-product.ts";
import { matrix } from "./group-product.ts";
import { indices } from "./nest.ts";
import { isAligned, type Pointer } from "./pointer.ts";
import type { Text } from "./text.ts";
import { numberOf, seeing } from "./windows.ts";

/** What of the image the places of the output see through the taps: adds, for places, where their windows begin; for taps, how far in these they are. */
function seen(text: Text, { windows, image, outer, channels, allChannels }: Geometry, x: string) {
  const { window, stride, padding, dilation } = windows;
  const pixels = sizeOf(image.slice(1));
  return {
    place(number: string): string[] {
      const [n, ...spatial] = indices(text, number, outer) as [string, ...string[]];
      const starts = spatial.map((at, d) => text.define(`${at} * ${stride[d]}u - ${padding[d]![0]}u`, "start"));
      return [text.define(`${x} + ${n} * ${pixels * allChannels}u`), ...starts];
    },
    tap(number: string): string[] {
      const taps = indices(text, number, [...window, channels]);
      const channel = taps.pop()!;
      return [channel, ...taps.map((tap, d) => text.define(`${tap} * ${dilation[d]}u`, "tap"))];
    },
    at([start, ...starts]: readonly string[], [channel, ...taps]: readonly string[]) {
      const places = starts.map((from, d) => text.define(`${from} + ${taps[d]}`, "at"));
      const inside = places.flatMap((at, d) =>
        padding[d]!.some((amount) => amount > 0) ? [`${at} < ${image[d + 1]}u`] : [],
      );
      const number = numberOf(text, places, image.slice(1));
      if (inside.length === 0) return { address: `${start} + ${number} * ${allChannels}u + ${channel}` };
      const isThere = text.define(inside.join(" && "), "there");
      return { address: `${start} + select(0u, ${number}, ${isThere}) * ${allChannels}u + ${channel}`, isThere };
    },
  };
}

/**
 * The image seen through the taps on the left, filters on the right.
 *
 * @param along what the channels of all taps are: terms, and rows all places of the output; or lines, and places the terms
 */
function throughTaps(
  geometry: Geometry,
  along: "terms" | "lines",
  [x, filtered]: readonly [Pointer, Pointer],
): GroupProduct {
  const { windows, outer, groups, channels, filters, allFilters } = geometry;
  const [places, taps] = [sizeOf(outer), sizeOf(windows.window) * channels];
  const [rows, depth] = along === "terms" ? [places, taps] : [taps, places];
  return {
    batch: groups,
    rows,
    columns: filters,
    depth,
    results: rows * allFilters,
    rowStep: allFilters,
    step: filters,
    left: (text, group) => {
      const { place, tap, at } = seen(text, geometry, text.define(`${text.pointer(x)} + ${group} * ${channels}u`));
      const side = { lines: rows, along: text.isWide && channels % 4 === 0 && isAligned(x) ? along : undefined };
      if (along === "terms") return { ...side, line: place, term: tap, at };
      return { ...side, line: tap, term: place, at: (line, term) => at(term, line) };
    },
    right: (text, group) => {
      const start = text.define(`${text.pointer(filtered)} + ${group} * ${filters}u`);
      return matrix(text, filters, start, 1, allFilters, isAligned(filtered, filters));
    },
  };
}

/** Rows are all places of the output, terms the channels of all taps. @param pointers of the image and the kernel */
export const forwardProduct = (geometry: Geometry, pointers: readonly [Pointer, Pointer]): GroupProduct =>
  throughTaps(geometry, "terms", pointers);

/** Rows are the channels of all taps, terms all places of the output. @param pointers of the image and the gradient of the output */
export const kernelProduct = (geometry: Geometry, pointers: readonly [Pointer, Pointer]): GroupProduct =>
  throughTaps(geometry, "lines", pointers);

/** Rows are all places of the image, columns channels, terms the filters of all taps. */
export function imageProduct(geometry: Geometry, [dy, kernel]: readonly [Pointer, Pointer]): GroupProduct {
  const { windows, image, outer, groups, channels, allChannels, filters, allFilters } = geometry;
  const { window, stride, padding, dilation } = windows;
  const [rows, depth] = [sizeOf(image), sizeOf(window) * filters];
  const inFours = (text: Text, pointer: Pointer): "terms" | undefined =>
    text.isWide && filters % 4 === 0 && isAligned(pointer) ? "terms" : undefined;
  return {
    batch: groups,
    rows,
    columns: channels,
    depth,
    results: rows * allChannels,
    rowStep: allChannels,
    step: channels,
    left: (text, group) => {
      const start = text.define(`${text.pointer(dy)} + ${group} * ${filters}u`);
      return {
        lines: rows,
        along: inFours(text, dy),
        line: (line) => {
          const [n, ...spatial] = indices(text, line, image) as [string, ...string[]];
          return [text.define(`${start} + ${n} * ${sizeOf(outer.slice(1)) * allFilters}u`), ...spatial];
        },
        term: (term) => indices(text, term, [...window, filters]).toReversed(),
        at: ([base, ...spatial], [filter, ...taps]) => {
          const found = spatial.map((from, d) => {
            const tap = taps[window.length - 1 - d]!;
            return seeing(text, from, stride[d]!, tap, dilation[d]!, padding[d]![0], outer[d + 1]!);
          });
          const isThere = text.define(found.map(({ isThere }) => isThere).join(" && "), "there");
          const places = found.map(({ at }) => at);
          const number = numberOf(text, places, outer.slice(1));
          return { address: `${base} + select(0u, ${number}, ${isThere}) * ${allFilters}u + ${filter}`, isThere };
        },
      };
    },
    right: (text, group) => {
      const start = text.define(`${text.pointer(kernel)} + ${group} * ${filters}u`);
      return {
        lines: channels,
        along: inFours(text, kernel),
        line: (line) => [text.define(`${start} + ${line} * ${allFilters}u`, "at")],
        term: (term) => {
          const [tap, filter] = indices(text, term, [sizeOf(window), filters]) as [string, string];
          return [`${tap} * ${channels * allFilters}u + ${filter}`];
        },
        at: ([line], [term]) => ({ address: `${line} + ${term}` }),
      };
    },
  };
}
