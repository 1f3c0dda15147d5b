// Windows as gathers at known indices: what convolution and pooling share where no kernel of tfjs is right or general enough.
import { sizeOf } from "@hooke/runtime";
import type { Kernels } from "../plan/kernels.ts";
import type { Ref } from "../plan/step.ts";
import { sum } from "./reduction.ts";

/** Which windows slide how. */
export interface Geometry {
  readonly window: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilation: readonly number[];
}

/** Where every window reads: `positions[out * taps + tap]` is a flat spatial index, or `size` where there is padding. */
export interface Coverage {
  readonly positions: readonly number[];
  readonly size: number;
  readonly outputs: number;
  readonly taps: number;
}

/** The coverage of spatial dimensions `input` by the windows of `output`. */
export function cover(input: readonly number[], output: readonly number[], geometry: Geometry): Coverage {
  const size = sizeOf(input);
  // Per output and tap so far: the flat index, or -1 in the padding.
  let table: number[][] = [[0]];
  for (const [axis, dimension] of input.entries()) {
    const { stride, window, dilation, padding } = geometry;
    const next: number[][] = [];
    for (const row of table) {
      for (let out = 0; out < output[axis]!; out++) {
        const from = out * stride[axis]! - padding[axis]![0];
        next.push(
          row.flatMap((base) =>
            Array.from({ length: window[axis]! }, (_, tap) => {
              const at = from + tap * dilation[axis]!;
              return base < 0 || at < 0 || at >= dimension ? -1 : base * dimension + at;
            }),
          ),
        );
      }
    }
    table = next;
  }
  const positions = table.flat().map((at) => (at < 0 ? size : at));
  return { positions, size, outputs: sizeOf(output), taps: sizeOf(geometry.window) };
}

/** `[N, rows, C]` with one more row. */
function withRow(k: Kernels, x: Ref, value: number): Ref {
  const [n, , channels] = x.shape as [number, number, number];
  return k.concat([x, k.expand(k.scalar(value, x.dtype), [n, 1, channels])], 1);
}

/** `x[N, ...spatial, C]` to `[N, outputs, taps, C]`: what each window sees; `value` in the padding. */
export function columns(k: Kernels, x: Ref, { positions, size, outputs, taps }: Coverage, value: number): Ref {
  const [n, channels] = [x.shape[0]!, x.shape.at(-1)!];
  const flat = k.reshape(x, [n, size, channels]);
  const source = positions.includes(size) ? withRow(k, flat, value) : flat;
  return k.reshape(k.pickAxis(source, 1, k.integers(positions)), [n, outputs, taps, channels]);
}

/** The transpose of {@link columns}: `[N, outputs, taps, C]` to `[N, ...spatial, C]`, adding where windows overlap. */
export function gatherColumns(k: Kernels, y: Ref, { positions, size }: Coverage, spatial: readonly number[]): Ref {
  const [n, channels] = [y.shape[0]!, y.shape.at(-1)!];
  return addUp(k, k.reshape(y, [n, positions.length, channels]), positions, size, spatial);
}

/** The same where all taps of a window hold one number: `y[N, ...outputs, C]`. */
export function gatherOutputs(k: Kernels, y: Ref, coverage: Coverage, spatial: readonly number[]): Ref {
  const [n, channels] = [y.shape[0]!, y.shape.at(-1)!];
  const { positions, size, outputs, taps } = coverage;
  return addUp(k, k.reshape(y, [n, outputs, channels]), positions, size, spatial, taps);
}

/** Entry `i` of `y[N, entries, C]` is added to each of the positions from `i * each` on. */
function addUp(
  k: Kernels,
  y: Ref,
  positions: readonly number[],
  size: number,
  spatial: readonly number[],
  each = 1,
): Ref {
  const [n, entries, channels] = y.shape as [number, number, number];
  const sources: number[][] = Array.from({ length: size }, () => []);
  for (const [i, position] of positions.entries()) sources[position]?.push(Math.floor(i / each));
  const depth = sources.reduce((most, list) => Math.max(most, list.length), 0);
  if (depth === 0) return k.zeros([n, ...spatial, channels], y.dtype);
  const indices = Array.from({ length: depth }, (_, layer) => sources.map((list) => list[layer] ?? entries)).flat();
  const source = indices.includes(entries) ? withRow(k, y, 0) : y;
  const layers = k.reshape(k.pickAxis(source, 1, k.integers(indices)), [n, depth, size, channels]);
  return k.reshape(sum(k, layers, [1]), [n, ...spatial, channels]);
}
