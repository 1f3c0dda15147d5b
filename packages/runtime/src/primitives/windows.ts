// The geometry shared by convolution and pooling: where a window of an output position reads the input.
import { describe } from "../array.ts";
import { fail } from "../error.ts";
import type { Aval } from "../program.ts";

export interface WindowGeometry {
  readonly window: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilation: readonly number[];
}

/** Spatial dimensions after sliding a window. @throws naming the axis where the window does not fit */
export function slide(who: string, x: Aval, spatial: readonly number[], geometry: WindowGeometry): number[] {
  const { window, stride, padding, dilation } = geometry;
  const rank = spatial.length;
  if (rank < 1 || rank > 3)
    fail(who, `received ${describe(x)}; it takes [N, ...spatial, C] with one to three spatial dimensions.`, "mismatch");
  for (const list of [window, stride, padding, dilation]) {
    if (list.length !== rank)
      fail(who, `received a parameter of ${list.length} entries for ${rank} spatial dimensions.`, "mismatch");
  }
  const positive = (list: readonly number[]): boolean => list.every((n) => Number.isInteger(n) && n >= 1);
  if (!positive(window) || !positive(stride) || !positive(dilation)) {
    fail(who, `window [${window}], stride [${stride}] and dilation [${dilation}] must be whole numbers of at least 1.`);
  }
  if (padding.flat().some((n) => !Number.isInteger(n) || n < 0))
    fail(who, `padding [${padding.join("; ")}] must be whole and not negative.`);
  return spatial.map((dimension, axis) => {
    const extent = (window[axis]! - 1) * dilation[axis]! + 1;
    const room = dimension + padding[axis]![0] + padding[axis]![1] - extent;
    if (room < 0)
      fail(
        who,
        `a window of ${extent} does not fit axis ${axis + 1} of ${describe(x)} with padding [${padding[axis]}].`,
        "mismatch",
      );
    return Math.floor(room / stride[axis]!) + 1;
  });
}

/**
 * Visits every pair of an output position and an input position that a window connects, in row-major order.
 *
 * @param visit receives the flat spatial indices of output, input and window position
 */
export function visitWindows(
  input: readonly number[],
  output: readonly number[],
  { window, stride, padding, dilation }: WindowGeometry,
  visit: (out: number, from: number, tap: number) => void,
): void {
  const [inD, inH, inW] = lead(input, 1);
  const [outD, outH, outW] = lead(output, 1);
  const [winD, winH, winW] = lead(window, 1);
  const [strD, strH, strW] = lead(stride, 1);
  const [dilD, dilH, dilW] = lead(dilation, 1);
  const [padD, padH, padW] = lead(
    padding.map(([low]) => low),
    0,
  );
  let out = 0;
  for (let d = 0; d < outD; d++) {
    for (let h = 0; h < outH; h++) {
      for (let w = 0; w < outW; w++, out++) {
        let tap = 0;
        for (let i = 0; i < winD; i++) {
          const z = d * strD + i * dilD - padD;
          for (let j = 0; j < winH; j++) {
            const y = h * strH + j * dilH - padH;
            for (let k = 0; k < winW; k++, tap++) {
              const x = w * strW + k * dilW - padW;
              if (z >= 0 && z < inD && y >= 0 && y < inH && x >= 0 && x < inW) visit(out, (z * inH + y) * inW + x, tap);
            }
          }
        }
      }
    }
  }
}

function lead(list: readonly number[], filler: number): [number, number, number] {
  return [...new Array<number>(3 - list.length).fill(filler), ...list] as [number, number, number];
}
