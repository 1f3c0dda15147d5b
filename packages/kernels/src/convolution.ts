// Convolutions and both their gradients, as products read where the windows are: a thread makes a tile of neighbouring places (or, of
// kernels, channels) and filters, tap by tap, and along the channels of a tap (or the line of places) without looking where it is.
import { sizeOf } from "@hooke/runtime";
import { geometryOf, type Name } from "./geometry.ts";
import { forwardProduct, imageProduct, kernelProduct } from "./group-convolution.ts";
import { printGroupProduct } from "./group-product.ts";
import { groupTileFor } from "./group-tile.ts";
import { indices } from "./nest.ts";
import { isAligned, type Pointer } from "./pointer.ts";
import { productInParts } from "./product-parts.ts";
import type { Product } from "./routine.ts";
import type { Launch } from "./text.ts";
import { divide, endTile, linesOf, sumTile } from "./tile.ts";
import { nested, numberOf, overSeeing, overTaps, overWindow, place, seeing } from "./windows.ts";

interface Place {
  readonly at: string;
  readonly tap: string;
}

export function printConvolution(product: Product<Name>): Launch[] {
  const { printer, node, label, ending } = product;
  if (sizeOf(node.outputs[0]!.shape) === 0) return [];
  const [print, productOf] = ways[node.primitive];
  if (!printer.traits.onProcessor) {
    const whole = productOf(geometryOf(product), product.operands as [Pointer, Pointer]);
    const tile = groupTileFor(whole.batch, whole.rows, whole.columns, whole.depth);
    if (tile !== undefined) return printGroupProduct(printer, tile, whole, ending, label);
  }
  return print(product);
}

/** By threads that read for themselves, and as a product that workgroups make. */
const ways = {
  conv: [printForward, forwardProduct],
  convInputGradient: [printInputGradient, imageProduct],
  convKernelGradient: [printKernelGradient, kernelProduct],
} as const;

/** Rows are places of the output along its last dimension, columns filters. */
function printForward(product: Product<Name>): Launch[] {
  const { printer, operands, label, ending } = product;
  const [x, kernel] = operands as [Pointer, Pointer];
  const { windows, image, outer, groups, channels, allChannels, filters, allFilters, last } = geometryOf(product);
  const { window, stride, padding, dilation } = windows;
  const length = outer.at(-1)!;
  const lines = sizeOf(outer.slice(0, -1));
  const { parts: _, ...size } = divide(
    printer.traits.onProcessor,
    groups * lines,
    length,
    filters,
    sizeOf(window) * channels,
  );
  const [across, filterTiles] = [Math.ceil(length / size.height), Math.ceil(filters / size.width)];
  const text = printer.text();
  const ids = indices(text, "index", [groups, ...outer.slice(0, -1), across, filterTiles]);
  const [group, n, ...rest] = ids as [string, string, ...string[]];
  const [filterTile, tile] = [rest.pop()!, rest.pop()!];
  const own = linesOf(text, tile, size.height, length);
  const columns = linesOf(text, filterTile, size.width, filters);
  text.isWide = ending.isInFours && filters % 4 === 0 && size.width % 4 === 0;
  const sums = sumTile(text, size, {
    runs: sizeOf(window),
    count: channels,
    each: (run) =>
      nested<Place>(
        last,
        (dimension, body) =>
          overWindow(text, windows, dimension, rest[dimension]!, image[dimension + 1]!, (at, tap) => body({ at, tap })),
        (places) => {
          const line = numberOf(text, [n, ...places.map(({ at }) => at)], image.slice(0, -1));
          const start = text.define(
            `${text.pointer(x)} + ${line} * ${image.at(-1)! * allChannels}u + ${group} * ${channels}u`,
          );
          overTaps(text, window[last]!, (tap) => {
            const taps = numberOf(text, [...places.map(({ tap }) => tap), tap], window);
            const weights = text.define(
              `${text.pointer(kernel)} + ${taps} * ${channels * allFilters}u + ${group} * ${filters}u`,
            );
            const seen = own.map((from) => {
              const at = place(text, from, stride[last]!, tap, dilation[last]!, padding[last]![0]);
              const isThere = text.define(`${at} < ${image.at(-1)}u`, "there");
              return { isThere, address: `${start} + select(0u, ${at}, ${isThere}) * ${allChannels}u` };
            });
            run({
              left: {
                at: seen.map(({ address }) => address),
                step: 1,
                along: text.isWide && channels % 4 === 0 && isAligned(x) ? "terms" : undefined,
                isThere: isPadded(windows, last) ? seen.map(({ isThere }) => isThere) : undefined,
              },
              right: {
                at: columns.map((column) => `${weights} + ${column}`),
                step: allFilters,
                along: text.isWide && isAligned(kernel) ? "lines" : undefined,
              },
              count: channels,
            });
          });
        },
      ),
  });
  const line = numberOf(text, [n, ...rest], outer.slice(0, -1));
  const [top, left] = [own[0], columns[0]];
  const start = text.define(`(${line} * ${length}u + ${top}) * ${allFilters}u + ${group} * ${filters}u + ${left}`);
  endTile(text, sums, size, { start, rowStep: allFilters, top, left, rows: length, columns: filters }, ending);
  return [text.launch(label, groups * lines * across * filterTiles)];
}

const isPadded = ({ padding }: { readonly padding: readonly (readonly [number, number])[] }, dimension: number) =>
  padding[dimension]!.some((amount) => amount > 0);

/** Rows are places of the image along its last dimension, columns channels. */
function printInputGradient(product: Product<Name>): Launch[] {
  const { printer, operands, label, ending } = product;
  const [dy, kernel] = operands as [Pointer, Pointer];
  const { windows, image, outer, groups, channels, allChannels, filters, allFilters, last } = geometryOf(product);
  const { window, stride, padding, dilation } = windows;
  const length = image.at(-1)!;
  const lines = sizeOf(image.slice(0, -1));
  const size = divide(printer.traits.onProcessor, groups * lines, length, channels, sizeOf(window) * filters);
  const [across, channelTiles] = [Math.ceil(length / size.height), Math.ceil(channels / size.width)];
  const text = printer.text();
  const ids = indices(text, "index", [groups, ...image.slice(0, -1), across, channelTiles]);
  const [group, n, ...rest] = ids as [string, string, ...string[]];
  const [channelTile, tile] = [rest.pop()!, rest.pop()!];
  const own = linesOf(text, tile, size.height, length);
  const columns = linesOf(text, channelTile, size.width, channels);
  text.isWide = ending.isInFours && channels % 4 === 0 && size.width % 4 === 0;
  const sums = sumTile(text, size, {
    runs: sizeOf(window),
    count: filters,
    each: (run) =>
      nested<Place>(
        last,
        (dimension, body) =>
          overSeeing(text, windows, dimension, rest[dimension]!, outer[dimension + 1]!, (at, tap) => body({ at, tap })),
        (places) => {
          const line = numberOf(text, [n, ...places.map(({ at }) => at)], outer.slice(0, -1));
          const start = text.define(
            `${text.pointer(dy)} + ${line} * ${outer.at(-1)! * allFilters}u + ${group} * ${filters}u`,
          );
          overTaps(text, window[last]!, (tap) => {
            const taps = numberOf(text, [...places.map(({ tap }) => tap), tap], window);
            const weights = text.define(
              `${text.pointer(kernel)} + ${taps} * ${channels * allFilters}u + ${group} * ${filters}u`,
            );
            const seen = own.map((from) => {
              const found = seeing(text, from, stride[last]!, tap, dilation[last]!, padding[last]![0], outer.at(-1)!);
              return { ...found, address: `${start} + select(0u, ${found.at}, ${found.isThere}) * ${allFilters}u` };
            });
            run({
              left: {
                at: seen.map(({ address }) => address),
                step: 1,
                along: text.isWide && filters % 4 === 0 && isAligned(dy) ? "terms" : undefined,
                isThere: seen.map(({ isThere }) => isThere),
              },
              right: {
                at: columns.map((column) => `${weights} + ${column} * ${allFilters}u`),
                step: 1,
                along: text.isWide && filters % 4 === 0 && isAligned(kernel) ? "terms" : undefined,
              },
              count: filters,
            });
          });
        },
      ),
  });
  const line = numberOf(text, [n, ...rest], image.slice(0, -1));
  const [top, left] = [own[0], columns[0]];
  const start = text.define(`(${line} * ${length}u + ${top}) * ${allChannels}u + ${group} * ${channels}u + ${left}`);
  endTile(text, sums, size, { start, rowStep: allChannels, top, left, rows: length, columns: channels }, ending);
  return [text.launch(label, groups * lines * across * channelTiles)];
}

/** Rows are channels, columns filters, of one tap; terms are places of the output, line by line, lines in parts. */
function printKernelGradient(product: Product<Name>): Launch[] {
  const { printer, operands, label } = product;
  const [x, dy] = operands as [Pointer, Pointer];
  const { windows, image, outer, groups, channels, allChannels, filters, allFilters, last } = geometryOf(product);
  const { window, stride, padding, dilation } = windows;
  const taps = sizeOf(window);
  const length = outer.at(-1)!;
  const lines = sizeOf(outer.slice(0, -1));
  const { parts: wanted, ...size } = divide(
    printer.traits.onProcessor,
    groups * taps,
    channels,
    filters,
    lines * length,
  );
  const parts = Math.max(1, Math.min(wanted, lines));
  const results = taps * channels * allFilters;
  const { ending, launches } = productInParts(printer, [1, parts, results], product.ending, label);
  const [down, across] = [Math.ceil(channels / size.height), Math.ceil(filters / size.width)];
  const text = printer.text();
  const ids = indices(text, "index", [parts, groups, ...window, down, across]);
  const [part, group, ...own] = ids as [string, string, ...string[]];
  const [filterTile, channelTile] = [own.pop()!, own.pop()!];
  const rows = linesOf(text, channelTile, size.height, channels);
  const columns = linesOf(text, filterTile, size.width, filters);
  text.isWide = ending.isInFours && filters % 4 === 0 && size.width % 4 === 0;
  // Of the line of the output, from where on the tap is in the image, and where it ends.
  const [step, before, tap] = [
    stride[last]!,
    padding[last]![0],
    text.define(`i32(${own[last]!} * ${dilation[last]}u)`),
  ];
  const first = text.define(`u32(max(0, ${before + step - 1} - ${tap}) / ${step})`, "first");
  const room = text.define(`${image.at(-1)! - 1 + before} - ${tap}`);
  const end = text.define(`select(0u, min(${length}u, u32(${room} / ${step}) + 1u), ${room} >= 0)`, "end");
  const count = text.define(`max(${first}, ${end}) - ${first}`, "count");
  const line = text.name("line");
  const sums = sumTile(text, size, {
    runs: Math.ceil(lines / parts),
    count: length,
    each: (run) => {
      text.add(`for (var ${line} = ${part}; ${line} < ${lines}u; ${line} += ${parts}u) {`);
      const [n, ...spatial] = indices(text, line, outer.slice(0, -1)) as [string, ...string[]];
      const places = spatial.map((from, dimension) => {
        const at = place(text, from, stride[dimension]!, own[dimension]!, dilation[dimension]!, padding[dimension]![0]);
        text.add(`if (${at} >= ${image[dimension + 1]}u) { continue; }`);
        return at;
      });
      const seen = numberOf(text, [n, ...places], image.slice(0, -1));
      const at = `${first} * ${step}u + ${own[last]!} * ${dilation[last]}u - ${before}u`;
      const startX = text.define(
        `${text.pointer(x)} + (${seen} * ${image.at(-1)}u + ${at}) * ${allChannels}u + ${group} * ${channels}u`,
      );
      const startY = text.define(
        `${text.pointer(dy)} + (${line} * ${length}u + ${first}) * ${allFilters}u + ${group} * ${filters}u`,
      );
      run({
        left: {
          at: rows.map((channel) => `${startX} + ${channel}`),
          step: step * allChannels,
          along: text.isWide && isAligned(x, channels, size.height) ? "lines" : undefined,
        },
        right: {
          at: columns.map((column) => `${startY} + ${column}`),
          step: allFilters,
          along: text.isWide && isAligned(dy) ? "lines" : undefined,
        },
        count: length,
        actual: count,
        isWhole: false,
      });
      text.add("}");
    },
  });
  const number = numberOf(text, own, window);
  const [top, left] = [rows[0], columns[0]];
  const start = text.define(
    `${part} * ${results}u + (${number} * ${channels}u + ${top}) * ${allFilters}u + ${group} * ${filters}u + ${left}`,
  );
  endTile(text, sums, size, { start, rowStep: allFilters, top, left, rows: channels, columns: filters }, ending);
  return launches(text.launch(label, parts * groups * taps * down * across));
}
