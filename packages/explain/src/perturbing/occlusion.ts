// Occlusion: what a prediction loses where a part of the input is covered.
import type { Dataset } from "@hooke/data";
import { type Check, checkOptions, checks, fail, type HostArray, isHostArray, zeros } from "@hooke/runtime";
import { listenerCheck, runChecks } from "../model/checks.ts";
import type { ExplainProgress } from "../model/options.ts";
import { type AnyModel, type AskOptions, createPredictor } from "../model/predictor.ts";
import { type Rows, rowsOf, takeOf } from "../model/rows.ts";

/** Options of {@link occlusion}. */
export interface OcclusionOptions extends AskOptions {
  /** What covers, in the units of the inputs: a number, or one row `[...]`, such as the mean of the training. */
  readonly cover: number | HostArray;
  /** Edge of what is covered at a time, in pixels, voxels or steps: one for all axes, or one for each. Default 1. */
  readonly size?: number | readonly number[];
  /** How far it moves on. Default: its edge, so that nothing is covered twice. */
  readonly stride?: number | readonly number[];
  readonly onProgress?: (progress: ExplainProgress) => void;
}

/** What {@link occlusion} finds. */
export interface Occlusion {
  /**
   * `[rows, ...]`, f64, without channels: by how much the prediction falls where it is covered, the mean over the covers of a place, in
   * the unit of the prediction.
   */
  readonly values: HostArray;
  readonly predictions: Float64Array;
}

/** Covered copies of a row that are in memory at a time. */
const together = 256;

const edgesCheck: Check = (value) => {
  const all = Array.isArray(value) ? value : [value];
  return all.length > 0 && all.every((each) => checks.count(each) === undefined)
    ? undefined
    : "a whole number above 0, or one for each axis";
};

/**
 * Occlusion (Zeiler and Fergus, ECCV 2014): a window moves over the input, and what it covers is worth what the prediction loses. All
 * channels of a place are covered together; in rows `[rows, inputs]` each input by itself. It asks for predictions alone, one for each
 * place of the window.
 *
 * @param model a network, or any function of arrays
 * @param data `[rows, ..., channels]` or `[rows, inputs]` in the units of the data, or a dataset
 * @param options `cover` is needed, of a network `backend`, too. Defaults: the only output, `size` 1, `stride` the size, batches of 64
 * @throws on windows that do not fit, and on predictions that are not finite; the signal's reason if it is aborted
 * @example
 * ```ts
 * import { occlusion } from "@hooke/explain";
 * import { array, type HostArray } from "@hooke/runtime";
 *
 * const first = ({ shape, data }: HostArray) =>
 *   array(Array.from({ length: shape[0]! }, (_, row) => 2 * Number(data[row * shape[1]!])));
 * const { values } = await occlusion(first, array([[3, 5]]), { cover: 0 });
 * console.log(Array.from(values.data)); // [ 6, 0 ]
 * ```
 */
export async function occlusion(
  model: AnyModel,
  data: HostArray | Dataset,
  options: OcclusionOptions,
): Promise<Occlusion> {
  const who = "occlusion";
  checkOptions<OcclusionOptions>(who, options, {
    required: { cover: coverCheck },
    optional: {
      ...runChecks,
      backend: checks.backend,
      size: edgesCheck,
      stride: edgesCheck,
      onProgress: listenerCheck,
    },
  });
  const { extras, cover, size = 1, onProgress } = options;
  const predictor = createPredictor(who, model, options);
  try {
    const rows = rowsOf(who, typeof model === "function" ? {} : model, data, extras);
    const { shape } = rows.inputs;
    const axes = shape.length === 2 ? shape.slice(1) : shape.slice(1, -1);
    const edges = edgesFor(who, "size", size, axes);
    const strides = edgesFor(who, "stride", options.stride ?? edges, axes);
    const windows = windowsOf(axes, edges, strides);
    const covered = coverOf(who, rows.inputs, cover);
    const predictions = await predictor.ask(rows);
    const places = axes.reduce((product, length) => product * length, 1);
    const values = zeros([shape[0]!, ...axes], "f64");
    for (const row of predictions.keys()) {
      onProgress?.({ fraction: row / predictions.length, text: `row ${row + 1} of ${predictions.length}` });
      const counts = new Float64Array(places);
      for (let from = 0; from < windows.length; from += together) {
        const some = windows.slice(from, from + together);
        const found = await predictor.ask(withCovers(takeOf(rows, [row]), some, covered, places));
        for (const [w, window] of some.entries()) {
          for (const place of window) {
            values.data[row * places + place]! += predictions[row]! - found[w]!;
            counts[place]!++;
          }
        }
      }
      for (let place = 0; place < places; place++) values.data[row * places + place]! /= Math.max(1, counts[place]!);
    }
    return { values, predictions };
  } finally {
    predictor.free();
  }
}

const coverCheck: Check = (value) =>
  Number.isFinite(value) || isHostArray(value) ? undefined : "a number, or one row of inputs";

function edgesFor(
  who: string,
  name: string,
  given: number | readonly number[],
  axes: readonly number[],
): readonly number[] {
  const edges = typeof given === "number" ? axes.map(() => given) : given;
  if (edges.length === axes.length && edges.every((edge, axis) => edge <= axes[axis]!)) return edges;
  return fail(
    who,
    `received the ${name} [${edges.join(", ")}] for inputs of [${axes.join(", ")}] places; give one for each axis, not above its length.`,
    "mismatch",
  );
}

function coverOf(who: string, inputs: HostArray, cover: number | HostArray): ArrayLike<number> {
  const width = inputs.data.length / inputs.shape[0]!;
  if (typeof cover === "number") return new Float64Array(width).fill(cover);
  if (cover.data.length === width) return cover.data as ArrayLike<number>;
  return fail(who, `received a cover of ${cover.data.length} numbers; a row of inputs has ${width}.`, "mismatch");
}

/** The places of each window, as numbers in the order of the axes; the last of an axis ends with it. */
function windowsOf(axes: readonly number[], edges: readonly number[], strides: readonly number[]): number[][] {
  return axes.reduce<number[][]>(
    (windows, length, axis) => {
      const [edge, stride] = [edges[axis]!, strides[axis]!];
      const starts = Array.from({ length: Math.ceil((length - edge) / stride) + 1 }, (_, i) =>
        Math.min(i * stride, length - edge),
      );
      return windows.flatMap((window) =>
        starts.map((start) =>
          window.flatMap((place) => Array.from({ length: edge }, (_, i) => place * length + start + i)),
        ),
      );
    },
    [[0]],
  );
}

/** A row for each window, with what it covers. */
function withCovers(
  row: Rows,
  windows: readonly (readonly number[])[],
  cover: ArrayLike<number>,
  places: number,
): Rows {
  const copies = takeOf(row, new Int32Array(windows.length));
  const { data } = copies.inputs;
  const channels = cover.length / places;
  for (const [w, window] of windows.entries()) {
    for (const place of window) {
      for (let i = place * channels; i < (place + 1) * channels; i++) data[w * cover.length + i] = cover[i]!;
    }
  }
  return copies;
}
