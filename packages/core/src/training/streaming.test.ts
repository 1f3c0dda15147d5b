// Streamed inputs: the bits of inputs in memory, whatever is between them and the model; stopped, resumed, refused.
import {
  fitPreprocessing,
  loadRows,
  metrics,
  type StreamedDataset,
  split,
  standardize,
  streamedDataset,
} from "@hooke/data";
import { type HostArray, referenceBackend, zeros } from "@hooke/runtime";
import { expect, test } from "vitest";
import { evaluate } from "./evaluate.ts";
import { fit } from "./fit.ts";
import { predict } from "./predict.ts";
import { train } from "./train.ts";
import { bentLine, bits, collect, only, options, richModel } from "./training.fixture.ts";

/** Data as it would be read from a file, later; and what was read. */
function streamed(rows: number, offset = 0, checksum = "line"): StreamedDataset & { readonly asked: number[][] } {
  const { inputs, targets } = bentLine(rows, offset);
  const asked: number[][] = [];
  const read = async (chosen: Int32Array, signal?: AbortSignal): Promise<HostArray> => {
    asked.push([...chosen]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    signal?.throwIfAborted();
    const found = zeros([chosen.length, 2]);
    chosen.forEach((row, i) => void found.data.set(inputs.data.subarray(2 * row, 2 * row + 2), 2 * i));
    return found;
  };
  const data = streamedDataset({
    inputs: { shape: inputs.shape, dtype: "f32", checksum, read },
    targets,
    source: "scans",
  });
  return { ...data, asked };
}

const preprocessing = fitPreprocessing(bentLine(10), { inputs: standardize(), targets: standardize() });
const common = { model: richModel(), preprocessing, metrics: [metrics.rmse] };

test("a training has the bits of one in memory, its validation, evaluation and predictions too", async () => {
  const inMemory = { train: bentLine(10), validation: bentLine(5, 100) };
  const data = { train: streamed(10), validation: streamed(5, 100) };
  const [one, other] = [await fit(options({ ...common, data: inMemory })), await fit(options({ ...common, data }))];
  expect(bits(other.model.variables)).toEqual(bits(one.model.variables));
  expect(other.history).toEqual(one.history);
  // Each row once an epoch.
  expect(data.train.asked.flat().toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 30 }, (_, i) => Math.floor(i / 3)),
  );

  const backend = referenceBackend();
  const test = streamed(7, 200);
  for (const more of [{}, { loss: options().loss }]) {
    const given = { backend, batchSize: 3, metrics: [metrics.rmse], ...more };
    expect(await evaluate(one.model, test, given)).toEqual(await evaluate(one.model, bentLine(7, 200), given));
  }
  expect(await predict(one.model, test, { backend, batchSize: 3 })).toEqual(
    await predict(one.model, bentLine(7, 200), { backend, batchSize: 3 }),
  );
});

test("parts of it are streamed, and rows of it can be loaded", async () => {
  const sizes = { train: 0.7, validation: "rest" } as const;
  const [all, whole] = [streamed(20), bentLine(20)];
  const [parts, expected] = [split(all, sizes, 3), split(whole, sizes, 3)];
  expect((await loadRows(parts.validation)).inputs).toEqual(expected.validation.inputs);
  expect((await loadRows(parts.train, [2, 0])).targets.data).toEqual(
    Float32Array.of(expected.train.targets.data[2]!, expected.train.targets.data[0]!),
  );
  const [one, other] = [await fit(options({ data: parts })), await fit(options({ data: expected }))];
  expect(one.history).toEqual(other.history);
});

test("a training that is stopped while rows are read goes on with the bits of the uninterrupted one", async () => {
  const given = { model: richModel(), preprocessing };
  const whole = await fit(options({ ...given, data: { train: streamed(10) } }));
  const stopping = new AbortController();
  const data = streamed(10);
  let saved: Uint8Array | undefined;
  const slow: StreamedDataset = {
    ...data,
    inputs: {
      ...data.inputs,
      read: async (rows, signal) => {
        // The fifth batch never comes.
        if (data.asked.length === 4) {
          setTimeout(() => stopping.abort(), 5);
          return new Promise(() => undefined);
        }
        return data.inputs.read(rows, signal);
      },
    },
  };
  const checkpoint = {
    every: 1,
    save(bytes: Uint8Array) {
      saved = bytes.slice();
    },
  };
  const stopped = await fit(options({ ...given, data: { train: slow }, checkpoint, signal: stopping.signal }));
  expect(stopped.stopReason).toBe("aborted");
  expect(stopped.history).toHaveLength(1);
  const resumed = await fit(options({ ...given, data: { train: streamed(10) }, resume: saved! }));
  expect(bits(resumed.model.variables)).toEqual(bits(whole.model.variables));
  expect(resumed.history).toEqual(whole.history);
  await expect(fit(options({ ...given, data: { train: streamed(10, 0, "other") }, resume: saved! }))).rejects.toThrow(
    "checkpoint: was taken with data",
  );
});

test("two batches are in memory at most", async () => {
  const data = streamed(40);
  const ahead: number[] = [];
  for await (const event of train(options({ data: { train: data }, epochs: 1 })))
    if (event.type === "step") ahead.push(data.asked.length - event.step);
  expect(Math.max(...ahead)).toBe(1);
});

test("what cannot be read ends the training by name; what is read must be what was stated", async () => {
  const broken = (read: StreamedDataset["inputs"]["read"]) => {
    const { inputs, targets } = bentLine(10);
    const stated = { shape: inputs.shape, dtype: "f32", checksum: "", read } as const;
    return fit(options({ data: { train: streamedDataset({ inputs: stated, targets, source: "scans" }) } }));
  };
  await expect(broken(() => Promise.reject(new Error("scan 7 is gone")))).rejects.toThrow("scan 7 is gone");
  await expect(broken(async (rows) => zeros([rows.length, 3]))).rejects.toThrow(
    "scans: read returned f32[4, 3]; it must return f32[4, 2].",
  );
  const again = zeros([4, 2]);
  await expect(broken(async () => again)).rejects.toThrow(
    "scans: read returned the same memory for other rows; make a new",
  );
  const last = (rows: Int32Array): HostArray => {
    const found = zeros([rows.length, 2]);
    if (rows.includes(9)) found.data[2 * rows.indexOf(9) + 1] = Number.NaN;
    return found;
  };
  await expect(broken(async (rows) => last(rows))).rejects.toThrow('scans: row 9 holds NaN in column "input1"');
});

test("is refused by what needs all of it, and where columns are others", async () => {
  expect(() => fitPreprocessing(streamed(4) as never, {})).toThrow("await loadRows(data, rows)");
  const named = { ...streamed(4), inputNames: ["a", "b"] };
  const data = { train: streamed(10), validation: named };
  await expect(collect(train(options({ preprocessing, data })))).rejects.toThrow('The model knows no "a", "b".');
  const { shape } = zeros([4, 2]);
  const wide = { shape, dtype: "f64", checksum: "", read: async () => zeros([4, 2], "f64") } as const;
  expect(() => streamedDataset({ inputs: wide, targets: zeros([4, 1]), dtype: "f32" })).toThrow("let read return f32");
  const lengths = zeros([4], "i32");
  expect(() => streamedDataset({ inputs: streamed(4).inputs, targets: zeros([4, 1]), extras: { lengths } })).toThrow(
    "sequences are not streamed",
  );
  expect(only(await collect(train(options({ data: { train: streamed(10) } }))), "end")[0]!.reason).toBe("finished");
});
