// Depthwise convolution, every channel by itself, and its two gradients: vectors of channels, tap by tap, without patches. Where a window lies within
// the image, the taps of a few neighbouring outputs are read once; elsewhere each output is computed by itself.
import { sizeOf } from "@hooke/runtime";
import { inPieces, piecesOf } from "../../dividing/grain.ts";
import { combinePartials, partialStride } from "../../dividing/partials.ts";
import { advance, least, plus } from "../../encoder/address.ts";
import type { Code } from "../../encoder/code.ts";
import { call, forLoop, local, when } from "../../encoder/control.ts";
import type { FunctionBuilder } from "../../encoder/module.ts";
import { f32x4, f64x2, i32, memory, v128 } from "../../encoder/opcodes.ts";
import { shuffleLanes } from "../../gemm/pack.ts";
import { longestChain } from "../../gemm/problem.ts";
import { loadLanes, storeLanes, widthsOf } from "../../gemm/tile.ts";
import type { Routine } from "../routine.ts";
import { clearRow, mapRow, type Row } from "../rows.ts";
import { visitTaps, type Windows } from "../windows.ts";
import { type Convolution, type Geometry, partialBytes } from "./geometry.ts";

/** Neighbouring outputs that are computed together, and taps whose gradients are. */
const together = 4;
const mostSums = 9;

/** Vectors of channels that are computed together: pairs, where the engine joins them. */
const vectorsTogether = ({ emitter }: Routine<Convolution>): number => (emitter.wide ? 2 : 1);

/** A channel of a tap is worth so many products of a matrix product: it is read for one multiplication alone. */
const workOfTap = 2;

/** Whether every channel has a filter of its own, of a window that registers may add up. */
export const isDepthwise = ({ groups, groupChannels, groupFilters, patch, positions }: Geometry): boolean =>
  groups > 1 && groupChannels === 1 && groupFilters === 1 && patch <= longestChain && positions > 0;

/** Lines of outputs along the last axis. */
interface Lines {
  readonly windows: Windows;
  /** Sizes of the axes before the last, and how many lines an image has. */
  readonly outer: readonly number[];
  readonly perImage: number;
  readonly width: number;
  /** Outputs of a line whose windows lie within it. */
  readonly inner: readonly [from: number, to: number];
  /** Pixels from one line of the input to the next of each outer axis. */
  readonly strides: readonly number[];
}

function linesOf(windows: Windows): Lines {
  const { input, output, window, stride, padding, dilation } = windows;
  const last = output.length - 1;
  const outer = output.slice(0, -1);
  const reach = (window[last]! - 1) * dilation[last]!;
  const low = padding[last]![0];
  const width = output[last]!;
  const from = Math.min(width, Math.max(0, Math.ceil(low / stride[last]!)));
  const to = Math.max(from, Math.min(width, Math.floor((input[last]! - 1 - reach + low) / stride[last]!) + 1));
  const strides = input.map((_, axis) => sizeOf(input.slice(axis + 1)));
  return { windows, outer, perImage: sizeOf(outer), width, inner: [from, to], strides };
}

/** The gradient of the input, where windows move by one pixel, as a convolution: the kernel is turned round. */
const turned = (windows: Windows): Windows => ({
  ...windows,
  input: windows.output,
  output: windows.input,
  padding: windows.padding.map(([low, high], axis) => {
    const reach = (windows.window[axis]! - 1) * windows.dilation[axis]!;
    return [reach - low, reach - high] as const;
  }),
});

/** Code of the whole. */
export function depthwise(routine: Routine<Convolution>, geometry: Geometry): Code {
  const { emitter, node, operands, output, fn } = routine;
  const { windows, images, positions, patch, channels, size, dtype } = geometry;
  const name = node.primitive;
  const work = workOfTap * images * positions * patch * channels * (size / 4);
  const [first, second] = operands as [Code, Code];
  const apart = windows.stride.some((step) => step > 1);
  if (name === "convInputGradient" && apart) {
    const each = Math.ceil(images / piecesOf(emitter, work, images));
    const code = (inner: FunctionBuilder, count: number, image: Code): Code =>
      spread(inner, routine, geometry, { count, image, y: first, kernel: second, x: output });
    return each === images ? code(fn, images, i32.const(0)) : inPieces(emitter, images, each, code);
  }
  const lines = linesOf(name === "convInputGradient" ? turned(windows) : windows);
  const total = images * lines.perImage;
  const each = Math.ceil(total / piecesOf(emitter, work, total));
  const divided = (code: (inner: FunctionBuilder, count: number, first: Code, piece: Code) => Code): Code =>
    each === total ? code(fn, total, i32.const(0), i32.const(0)) : inPieces(emitter, total, each, code);
  if (name !== "convKernelGradient") {
    const mirrored = name === "convInputGradient";
    return divided((inner, count, line) =>
      convolve(inner, routine, geometry, lines, { count, line, x: first, kernel: second, y: output, mirrored }),
    );
  }
  const bytes = patch * channels * size;
  const stride = partialStride(bytes);
  const pieces = Math.ceil(total / each);
  const whole = { count: total, line: i32.const(0), x: first, y: second, kernel: output };
  if (pieces === 1 || pieces * stride > partialBytes) return kernelGradient(fn, routine, geometry, lines, whole);
  const partials = emitter.partials(pieces * stride);
  return [
    divided((inner, count, line, piece) =>
      kernelGradient(inner, routine, geometry, lines, {
        ...{ count, line, x: first, y: second, kernel: plus(partials, [piece, stride]) },
      }),
    ),
    combinePartials(emitter, fn, { dtype, bytes, count: patch * channels, pieces }, output),
  ];
}

/** Operands, and which lines a piece has. */
interface Part {
  readonly count: number;
  readonly line: Code;
  readonly x: Code;
  readonly kernel: Code;
  readonly y: Code;
}

/** Locals that a line is computed with. */
interface Line {
  /** The address of the image, and of the first tap of the line's first output, which may lie outside. */
  readonly image: number;
  readonly start: number;
  /** The flat position of the line's first output in the image. */
  readonly position: number;
  /** Whether the windows lie within the image along all axes but the last. */
  readonly within: number;
}

/** `body` for each line of a part. */
function forLines(
  fn: FunctionBuilder,
  { windows, outer, perImage, width, strides }: Lines,
  { channels, size }: Geometry,
  { count, line: firstLine, x }: Pick<Part, "count" | "line" | "x">,
  body: (line: Line) => Code,
): Code {
  const { input, window, stride, padding, dilation } = windows;
  const [index, line, rest, origin, image, start, position, within] = fn.locals("i32", 8);
  const pixel = channels * size;
  const get = local.get;
  const last = outer.length;
  const place: Code[] = [];
  for (let axis = last - 1; axis >= 0; axis--) {
    const at = axis === 0 ? get(rest) : i32.rem_u(get(rest), i32.const(outer[axis]!));
    const reach = (window[axis]! - 1) * dilation[axis]!;
    place.push(
      local.set(origin, i32.sub(i32.mul(at, i32.const(stride[axis]!)), i32.const(padding[axis]![0]))),
      axis > 0 ? local.set(rest, i32.div_u(get(rest), i32.const(outer[axis]!))) : [],
      local.set(start, plus(get(start), [get(origin), strides[axis]! * pixel])),
      // Below 0 is far above as an unsigned number.
      local.set(within, i32.and(get(within), i32.lt_u(get(origin), i32.const(Math.max(0, input[axis]! - reach))))),
    );
  }
  const code = forLoop({ index, start: 0, limit: count }, [
    local.set(line, i32.add(firstLine, get(index))),
    local.set(image, plus(x, [i32.div_u(get(line), i32.const(perImage)), sizeOf(input) * pixel])),
    local.set(rest, i32.rem_u(get(line), i32.const(perImage))),
    local.set(position, i32.mul(get(rest), i32.const(width))),
    local.set(start, i32.sub(get(image), i32.const(padding[last]![0] * pixel))),
    local.set(within, i32.const(1)),
    place,
    body({ image, start, position, within }),
  ]);
  fn.release(index, line, rest, origin, image, start, position, within);
  return code;
}

/** Bytes from the first tap of a window to each of them, in the order of the kernel. */
function tapOffsets({ windows: { window, dilation }, strides }: Lines, pixel: number): number[] {
  return Array.from({ length: sizeOf(window) }, (_, tap) => {
    let rest = tap;
    let offset = 0;
    for (let axis = window.length - 1; axis >= 0; axis--) {
      offset += (rest % window[axis]!) * dilation[axis]! * strides[axis]! * pixel;
      rest = Math.floor(rest / window[axis]!);
    }
    return offset;
  });
}

const vectors = (dtype: Geometry["dtype"]) => (dtype === "f32" ? f32x4 : f64x2);

/** `x y + z` as the products have it. */
const multiplyAdd = ({ emitter }: Routine<Convolution>, { dtype }: Pick<Geometry, "dtype">) => {
  const { add, mul, relaxed_madd } = vectors(dtype);
  return (x: Code, y: Code, z: Code): Code => (emitter.relaxed ? relaxed_madd(x, y, z) : add(mul(x, y), z));
};

/** `body` for some neighbouring vectors of channels, of so many lanes each, until all have passed; pointers in locals move along. */
function forChannels(
  fn: FunctionBuilder,
  { channels, size }: Geometry,
  vectors: number,
  pointers: readonly number[],
  body: (widths: readonly number[]) => Code,
): Code {
  const lanes = 16 / size;
  const index = fn.local("i32");
  const block = vectors * lanes;
  const whole = channels - (channels % block);
  const onward = pointers.map((pointer) => advance(pointer, 16 * vectors));
  const code = [
    forLoop({ index, start: 0, limit: whole, step: block }, [body(new Array(vectors).fill(lanes)), onward]),
    channels === whole ? [] : body(widthsOf(channels - whole, lanes)),
  ];
  fn.release(index);
  return code;
}

/** Lines of the convolution, or of the gradient of its input. */
function convolve(
  fn: FunctionBuilder,
  routine: Routine<Convolution>,
  geometry: Geometry,
  lines: Lines,
  { count, line, x, kernel, y, mirrored }: Part & { readonly mirrored: boolean },
): Code {
  const { channels, size, dtype } = geometry;
  const { windows, width, inner } = lines;
  const pixel = channels * size;
  const step = windows.stride.at(-1)! * pixel;
  const offsets = tapOffsets(lines, pixel);
  const madd = multiplyAdd(routine, geometry);
  const get = local.get;
  const tapOf = (tap: number): number => (mirrored ? offsets.length - 1 - tap : tap);
  const [target, from, weights, to, column] = fn.locals("i32", 5);
  const zero = vectors(dtype).const(0);

  /** So many outputs whose windows lie within the image. */
  const within = (outputs: number): Code => {
    /** The sums of vector `v` of the channels, and their code. */
    const vector = (lanes: number, v: number): { readonly code: Code; readonly sums: readonly number[] } => {
      const sums = Array.from({ length: outputs }, () => fn.local("v128"));
      const weight = fn.local("v128");
      const loaded = new Map<number, number>();
      const code = offsets.map((offset, tap): Code => {
        const places = sums.map((_, i) => offset + i * step);
        const fresh = places.filter((place) => !loaded.has(place));
        // What no later tap of this row reads is overwritten.
        for (const place of [...loaded.keys()]) {
          if (place < offset) {
            fn.release(loaded.get(place)!);
            loaded.delete(place);
          }
        }
        for (const place of fresh) loaded.set(place, fn.local("v128"));
        return [
          local.set(weight, loadLanes(size, lanes, get(weights), tapOf(tap) * pixel + 16 * v)),
          fresh.map((place) => local.set(loaded.get(place)!, loadLanes(size, lanes, get(from), place + 16 * v))),
          sums.map((sum, i) => local.set(sum, madd(get(loaded.get(places[i]!)!), get(weight), get(sum)))),
        ];
      });
      fn.release(...loaded.values(), weight);
      return { code: [sums.map((sum) => local.set(sum, zero)), code], sums };
    };
    return forChannels(fn, geometry, vectorsTogether(routine), [from, weights, to], (widths) => {
      const all = widths.map(vector);
      const stores = Array.from({ length: outputs }, (_, i) =>
        all.map(({ sums }, v) => storeLanes(size, widths[v]!, get(to), sums[i]!, i * pixel + 16 * v)),
      );
      fn.release(...all.flatMap(({ sums }) => sums));
      return [all.map(({ code }) => code), stores];
    });
  };
  const place = (start: number): Code => [
    local.set(from, plus(get(start), [get(column), step])),
    local.set(weights, kernel),
    local.set(to, plus(get(target), [get(column), pixel])),
  ];
  const single = routine.emitter.module.share(
    `depthwise ${mirrored} ${JSON.stringify([windows, dtype, channels])}`,
    () => {
      // The image, the kernel, the output's row of channels and its position.
      const own = routine.emitter.module.addFunction(["i32", "i32", "i32", "i32"]);
      const [image, weights, to, out] = [0, 1, 2, 3] as const;
      const [pixelRow, weightRow] = own.locals("i32", 2);
      const row = (address: number): Row => ({ address, dtype });
      own.emit(
        clearRow(to, pixel),
        visitTaps(own, windows, out, ({ from, tap }) => {
          const weight = mirrored ? i32.sub(i32.const(offsets.length - 1), get(tap)) : get(tap);
          return [
            local.set(pixelRow, plus(get(image), [get(from), pixel])),
            local.set(weightRow, plus(get(weights), [weight, pixel])),
            mapRow(own, channels, [row(to), row(pixelRow), row(weightRow)], [row(to)], (sum, a, b) => [
              madd(a!, b!, sum!),
            ]),
          ];
        }),
      );
      return own.index;
    },
  );
  /** Outputs of a line, tap by tap. */
  const edge = ({ image, position }: Line, start: Code | number, limit: Code | number): Code =>
    forLoop({ index: column, start, limit }, [
      call(single, get(image), kernel, plus(get(target), [get(column), pixel]), i32.add(get(position), get(column))),
    ]);
  const [begin, end] = inner;
  const runs = end - begin - ((end - begin) % together);
  const code = forLines(fn, lines, geometry, { count, line, x }, (at) => [
    when(
      get(at.within),
      [
        edge(at, 0, begin),
        runs === 0
          ? []
          : forLoop({ index: column, start: begin, limit: begin + runs, step: together }, [
              place(at.start),
              within(together),
            ]),
        forLoop({ index: column, start: begin + runs, limit: end }, [place(at.start), within(1)]),
        edge(at, end, width),
      ],
      edge(at, 0, width),
    ),
    advance(target, width * pixel),
  ]);
  fn.release(target, from, weights, to, column);
  return [local.set(target, plus(y, [line, width * pixel])), code];
}

/** The gradient of the input where windows move by several pixels: outputs spread over what they were computed from. */
function spread(
  fn: FunctionBuilder,
  routine: Routine<Convolution>,
  { windows, channels, size, dtype, positions }: Geometry,
  { count, image: firstImage, x, kernel, y }: Omit<Part, "line"> & { readonly image: Code },
): Code {
  const pixel = channels * size;
  const imageBytes = sizeOf(windows.input) * pixel;
  const madd = multiplyAdd(routine, { dtype });
  const [image, index, out, from, to, weights] = fn.locals("i32", 6);
  const get = local.get;
  const row = (address: number): Row => ({ address, dtype });
  const code = [
    local.set(image, plus(x, [firstImage, imageBytes])),
    local.set(from, plus(y, [firstImage, positions * pixel])),
    memory.fill(get(image), i32.const(0), i32.const(count * imageBytes)),
    forLoop({ index, start: 0, limit: count }, [
      forLoop({ index: out, start: 0, limit: positions }, [
        visitTaps(fn, windows, out, (at) => [
          local.set(to, plus(get(image), [get(at.from), pixel])),
          local.set(weights, plus(kernel, [get(at.tap), pixel])),
          mapRow(fn, channels, [row(to), row(from), row(weights)], [row(to)], (sum, a, b) => [madd(a!, b!, sum!)]),
        ]),
        advance(from, pixel),
      ]),
      advance(image, imageBytes),
    ]),
  ];
  fn.release(image, index, out, from, to, weights);
  return code;
}

/** What lines add to the gradient of the kernel: up to `longestChain` outputs in registers, then in f64. */
function kernelGradient(
  fn: FunctionBuilder,
  routine: Routine<Convolution>,
  geometry: Geometry,
  lines: Lines,
  { count, line, x, kernel, y }: Part,
): Code {
  const { channels, size, dtype, patch } = geometry;
  const { windows, width, inner } = lines;
  const pixel = channels * size;
  const step = windows.stride.at(-1)! * pixel;
  const offsets = tapOffsets(lines, pixel);
  const madd = multiplyAdd(routine, geometry);
  const get = local.get;
  // Whole vectors of f32: what lies beyond the channels adds up zeros.
  const wideBytes = 8 * Math.ceil(channels / 4) * 4;
  const [totals, outputs, from, to, column, start, limit, sums, position] = fn.locals("i32", 9);
  const [pixelRow, outputRow, target, kept] = fn.locals("i32", 4);
  const joined = routine.emitter.generators.wide?.throughMemory;
  const [totalsStart, keptStart] = routine.emitter.scratchParts([patch * wideBytes, joined ? 32 * mostSums : 0]);
  const [begin, end] = inner;

  /** Outputs of a line from `start` to before `limit`, whose windows lie within the image: some taps at a time. */
  const within = (at: Line): Code =>
    Array.from({ length: Math.ceil(patch / mostSums) }, (_, group) => {
      const taps = offsets.slice(group * mostSums, (group + 1) * mostSums);
      const body = (widths: readonly number[]): Code => {
        const accumulators = widths.map(() => taps.map(() => fn.local("v128")));
        const value = fn.local("v128");
        const code = [
          accumulators.flat().map((sum) => local.set(sum, vectors(dtype).const(0))),
          local.set(from, get(pixelRow)),
          local.set(to, get(outputRow)),
          forLoop({ index: column, start: get(start), limit: get(limit) }, [
            accumulators.map((ofVector, v) => [
              local.set(value, loadLanes(size, widths[v]!, get(to), 16 * v)),
              ofVector.map((sum, i) =>
                local.set(sum, madd(loadLanes(size, widths[v]!, get(from), taps[i]! + 16 * v), get(value), get(sum))),
              ),
            ]),
            advance(from, step),
            advance(to, pixel),
          ]),
          joined?.(
            kept,
            taps.flatMap((_, i) => accumulators.map((ofVector) => ofVector[i]!)),
          ) ?? [],
          accumulators.map((ofVector) => [
            ofVector.map((sum, i) => addWide(dtype, sums, (group * mostSums + i) * wideBytes, sum)),
            advance(sums, dtype === "f32" ? 32 : 16),
          ]),
        ];
        fn.release(...accumulators.flat(), value);
        return code;
      };
      return [
        local.set(sums, get(totals)),
        local.set(pixelRow, plus(get(at.start), [get(start), step])),
        local.set(outputRow, plus(get(outputs), [get(start), pixel])),
        forChannels(fn, geometry, vectorsTogether(routine), [pixelRow, outputRow], body),
      ];
    });
  const wide = (value: Code): Code => (dtype === "f32" ? f64x2.promote_low_f32x4(value) : value);
  const rows: readonly Row[] = [
    { address: sums, dtype: "f64" },
    { address: pixelRow, dtype },
    { address: outputRow, dtype },
  ];
  /** Outputs of a line, tap by tap. */
  const edge = ({ image, position: first }: Line, from: number, to: number): Code =>
    forLoop({ index: column, start: from, limit: to }, [
      local.set(position, i32.add(get(first), get(column))),
      local.set(outputRow, plus(get(outputs), [get(column), pixel])),
      visitTaps(fn, windows, position, ({ from, tap }) => [
        local.set(pixelRow, plus(get(image), [get(from), pixel])),
        local.set(sums, plus(get(totals), [get(tap), wideBytes])),
        mapRow(fn, channels, rows, rows.slice(0, 1), (total, a, b) => [
          f64x2.add(total!, f64x2.mul(wide(a!), wide(b!))),
        ]),
      ]),
    ]);
  const body = forLines(fn, lines, geometry, { count, line, x }, (at) => [
    when(
      get(at.within),
      [
        edge(at, 0, begin),
        forLoop({ index: start, start: begin, limit: end, step: longestChain }, [
          local.set(limit, least(i32.add(get(start), i32.const(longestChain)), i32.const(end))),
          within(at),
        ]),
        edge(at, end, width),
      ],
      edge(at, 0, width),
    ),
    advance(outputs, width * pixel),
  ]);
  const results: readonly Row[] = [{ address: target, dtype }];
  const code = [
    local.set(totals, totalsStart!),
    local.set(kept, keptStart!),
    memory.fill(get(totals), i32.const(0), i32.const(patch * wideBytes)),
    local.set(outputs, plus(y, [line, width * pixel])),
    body,
    local.set(sums, get(totals)),
    local.set(target, kernel),
    forLoop({ index: column, start: 0, limit: patch }, [
      mapRow(fn, channels, rows.slice(0, 1), results, (total) => [
        dtype === "f32" ? f32x4.demote_f64x2_zero(total!) : total!,
      ]),
      advance(sums, wideBytes),
      advance(target, pixel),
    ]),
  ];
  fn.release(totals, outputs, from, to, column, start, limit, sums, position, pixelRow, outputRow, target, kept);
  return code;
}

/** Adds a vector to as many totals in f64. */
function addWide(dtype: Geometry["dtype"], address: number, offset: number, sum: number): Code {
  const add = (at: number, value: Code): Code =>
    v128.store(local.get(address), f64x2.add(v128.load(local.get(address), at), value), at);
  const get = local.get(sum);
  if (dtype === "f64") return add(offset, get);
  return [
    add(offset, f64x2.promote_low_f32x4(get)),
    add(offset + 16, f64x2.promote_low_f32x4(shuffleLanes(4, [2, 3, 2, 3], get, get))),
  ];
}
