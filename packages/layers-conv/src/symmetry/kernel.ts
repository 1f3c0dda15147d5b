// Kernels of convolutions that turn with their input: free numbers, repeated in all positions.
import { array, gather, mean, mul, reshape, type Tensor, transpose } from "@hooke/runtime";
import { type Action, actionOn, componentsOf, type FieldKind } from "./fields.ts";
import { type Motion, motionsOf, orderOf, type SymmetryGroup, sourceOf } from "./motions.ts";

/** From which fields to which. */
export interface Between {
  readonly group: SymmetryGroup;
  readonly from: FieldKind;
  readonly to: FieldKind;
}

/** Shape of the free numbers: `[size, size, ...components, channels, fields]`. A regular field needs those of one of its components only. */
export function freeShape(
  { group, from, to }: Between,
  size: number,
  channels: number,
  fields: number,
): readonly number[] {
  const [before, behind] = [componentsOf(from, group), componentsOf(to, group)];
  const components = to === "regular" ? [before] : from === "regular" ? [behind] : [before, behind];
  return [size, size, ...components, channels, fields];
}

/**
 * The kernel `[size, size, channels of the input, channels of the output]` whose convolution of a turned input is the turned output.
 * Each free number is in it once for each motion, moved to its place, with its sign; between fields that are not regular, where these meet, their sum is.
 */
export function symmetricKernel(free: Tensor, { group, from, to }: Between): Tensor {
  const [size] = free.shape as readonly [number];
  const [channels, fields] = free.shape.slice(-2) as [number, number];
  const motions = motionsOf(group);
  const [before, behind] = [componentsOf(from, group), componentsOf(to, group)];
  const rows = motions.map((motion) => {
    const [given, made] = [actionOn(from, group, motion), actionOn(to, group, motion)];
    const one = { from: [0], signs: [1] };
    if (to === "regular") return rowsOf(motion, size, given, one);
    return from === "regular" ? rowsOf(motion, size, one, made) : rowsOf(motion, size, given, made);
  });
  const count = rows[0]!.from.length;
  const sources = array(Int32Array.from(rows.flatMap((each) => each.from)), { shape: [motions.length, count] });
  const signs = array(
    rows.flatMap((each) => each.signs),
    { shape: [motions.length, count, 1], dtype: free.dtype },
  );
  const moved = mul(gather(reshape(free, [count, channels * fields]), sources), signs);
  if (to === "regular") {
    const parts = reshape(moved, [motions.length, size, size, before, channels, fields]);
    return reshape(transpose(parts, [1, 2, 3, 4, 0, 5]), [size, size, before * channels, behind * fields]);
  }
  if (from === "regular") {
    const parts = reshape(moved, [motions.length, size, size, behind, channels, fields]);
    return reshape(transpose(parts, [1, 2, 0, 4, 3, 5]), [size, size, before * channels, behind * fields]);
  }
  // Of the size of one of them, as they are independent at first.
  const sum = mul(mean(moved, { axes: 0 }), Math.sqrt(orderOf(group)));
  const parts = reshape(sum, [size, size, before, behind, channels, fields]);
  return reshape(transpose(parts, [0, 1, 2, 4, 3, 5]), [size, size, before * channels, behind * fields]);
}

/** Which row `[row, column, ...components]` of the free numbers a motion brings to each, and with which sign. */
function rowsOf(motion: Motion, size: number, given: Action, made: Action): Action {
  const [from, signs]: [number[], number[]] = [[], []];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const [row, column] = sourceOf(motion, size, i, j);
      for (const [a, old] of given.from.entries()) {
        for (const [b, of] of made.from.entries()) {
          from.push(((row * size + column) * given.from.length + old) * made.from.length + of);
          signs.push(given.signs[a]! * made.signs[b]!);
        }
      }
    }
  }
  return { from, signs };
}
