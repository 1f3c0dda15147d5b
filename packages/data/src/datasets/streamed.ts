// Datasets larger than memory: inputs that are read when they are needed; all else, such as targets, is in memory.
import {
  type Check,
  checkArgument,
  checkHostArray,
  checkOptions,
  describe,
  fail,
  type HostArray,
  sameShape,
} from "@hooke/runtime";
import { anyDatasetCheck } from "../arguments.ts";
import {
  checkFinite,
  checkRows,
  type DatasetOptions,
  datasetTable,
  describeRows,
  takeExtras,
  takeRows,
} from "./dataset.ts";
import { rowName } from "./row-name.ts";
import type { Dataset } from "./samples.ts";
import { isStreamed, type StreamedArray } from "./streamed-array.ts";

/**
 * A dataset whose inputs are read batch by batch. `fit`, `train`, `evaluate`, `predict`, `split` and `take` take it in place of one in
 * memory, with the same bits; what looks at all inputs at once, such as `fitPreprocessing`, takes the rows that {@link loadRows} reads.
 */
export type StreamedDataset = Dataset<StreamedArray>;

const streamedCheck: Check = (value) => {
  const { shape, dtype, checksum, read } = (value ?? {}) as Partial<StreamedArray>;
  return Array.isArray(shape) && typeof dtype === "string" && typeof checksum === "string" && typeof read === "function"
    ? undefined
    : "an array whose rows are read: { shape, dtype, checksum, read }; dataset takes one in memory";
};

/**
 * A dataset whose inputs are read when they are needed, such as those of a set of images that `streamImages` of `@hooke/io/images` makes.
 * Targets and extras are in memory. What is read must be finite, and of the shape and dtype that `inputs` states.
 *
 * @throws as `dataset` does; on the extra `lengths`; on inputs of f64 for models of f32, whose resolution cannot be looked at beforehand
 * @example
 * ```ts
 * import { streamedDataset } from "@hooke/data";
 * import { array, zeros } from "@hooke/runtime";
 *
 * const read = async (rows: Int32Array) => zeros([rows.length, 64, 64, 1]); // here from a file
 * const inputs = { shape: [1000, 64, 64, 1], dtype: "f32", checksum: "scan 7", read } as const;
 * const data = streamedDataset({ inputs, targets: zeros([1000, 1]) });
 * console.log(data.count, data.inputNames); // 1000 [ 'input0' ]
 * ```
 */
export function streamedDataset(options: DatasetOptions<StreamedArray>): StreamedDataset {
  const { required, optional } = datasetTable;
  checkOptions<DatasetOptions<StreamedArray>>("streamedDataset", options, {
    required: { inputs: streamedCheck, ...required },
    optional,
  });
  const { source = "streamedDataset", inputs, extras = {} } = options;
  checkRows({ ...options, source });
  if (Object.hasOwn(extras, "lengths")) {
    fail(
      source,
      'received the extra "lengths": sequences are not streamed; give them to dataset, in memory.',
      "unsupported",
    );
  }
  const described = describeRows({ ...options, source });
  if (inputs.dtype === "f64" && described.dtype === "f32") {
    fail(source, 'received inputs of f64 for models of f32; let read return f32, or ask for dtype: "f64".', "mismatch");
  }
  checkFinite(described.targets, described.targetNames, source, (row) => rowName(row, described.lines));
  const data = { ...described, inputs };
  return { ...data, inputs: checkedRows(data) };
}

/** What is read, if it is rows of the array. @throws on anything else, and on values that are not finite */
function checkedRows({ inputs, inputNames, source, lines }: StreamedDataset): StreamedArray {
  const { shape, dtype, read, order, nameOf = (row: number) => rowName(row, lines) } = inputs;
  const filled = new WeakMap<HostArray["data"], string>();
  const checked = async (rows: Int32Array, signal?: AbortSignal): Promise<HostArray> => {
    const found = await read(rows, signal);
    checkHostArray(`${source}: what read returned`, found);
    const expected = { shape: [rows.length, ...shape.slice(1)], dtype };
    if (found.dtype !== dtype || !sameShape(found.shape, expected.shape)) {
      fail(source, `read returned ${describe(found)}; it must return ${describe(expected)}.`, "mismatch");
    }
    const numbers = rows.join();
    if ((filled.get(found.data) ?? numbers) !== numbers) {
      const cure = "make a new array at every call: the rows before may still be in use";
      fail(source, `read returned the same memory for other rows; ${cure}.`, "invalid-data");
    }
    filled.set(found.data, numbers);
    checkFinite(found, inputNames, source, (place) => nameOf(rows[place]!));
    return found;
  };
  const complete = (key: HostArray, rows: Int32Array): Int32Array => {
    const found = order!(key, rows);
    const seen = new Uint8Array(rows.length);
    let distinct = 0;
    for (const place of found) {
      if (seen[place] === 0) distinct++;
      seen[place] = 1;
    }
    if (found.length !== rows.length || distinct !== rows.length) {
      fail(source, `order returned ${found.length} places; it must return each of ${rows.length} once.`, "mismatch");
    }
    return found;
  };
  return { ...inputs, read: checked, ...(order && { order: complete }) };
}

/**
 * Rows of a streamed dataset in memory.
 *
 * @param rows by number. Default: all
 * @throws what reading them throws
 */
export async function loadRows(
  data: StreamedDataset,
  rows?: ArrayLike<number>,
  signal?: AbortSignal,
): Promise<Dataset> {
  checkArgument(
    "loadRows",
    "the data",
    data,
    (value) =>
      anyDatasetCheck(value) ?? (isStreamed(data.inputs) ? undefined : "a streamed dataset; this one is in memory"),
  );
  const { count, inputs, targets, extras, lines } = data;
  const chosen = Int32Array.from(rows ?? { length: count }, (row, i) => row ?? i);
  return {
    ...data,
    count: chosen.length,
    inputs: await inputs.read(chosen, signal),
    targets: takeRows(targets, chosen),
    extras: takeExtras(extras, chosen),
    ...(lines && { lines: chosen.map((row) => lines[row]!) }),
  };
}
