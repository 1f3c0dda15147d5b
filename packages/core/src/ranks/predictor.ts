// Predictions that ranks share: each predicts its range of the rows, and all of them get the whole.
import { isStreamed, type StreamedArray } from "@hooke/data";
import { describe, type HostArray, zeros } from "@hooke/runtime";
import type { Rows } from "../training/batch.ts";
import { sliceRows } from "../training/batch-reader.ts";
import type { Predictor } from "../training/predictor.ts";
import type { Communicator } from "./communicator.ts";
import type { Meetings } from "./meeting.ts";
import { spanOf } from "./span.ts";

/** A predictor whose rows all ranks ask for together. Metrics of what it predicts are those of all rows, not means over ranks. */
export function sharedPredictor(own: Predictor, communicator: Communicator, meetings: Meetings): Predictor {
  const { rank, size } = communicator;
  let number = 0;
  return {
    precision: own.precision,
    async predict({ inputs, extras, batchExtras }, batchSize, signal) {
      const count = inputs.shape[0]!;
      const [first, end] = spanOf(count, rank, size);
      const part = (values: HostArray): HostArray => sliceRows(values, first, end);
      const rows: Rows<HostArray, HostArray | StreamedArray> = {
        inputs: isStreamed(inputs) ? streamedPart(inputs, first, end) : part(inputs),
        extras: Object.fromEntries(Object.entries(extras).map(([name, values]) => [name, part(values)])),
        batchExtras,
      };
      const predicted = end > first ? await own.predict(rows, Math.ceil(batchSize / size), signal) : undefined;
      await meetings.meet("prediction", ++number);
      if (signal?.aborted) return undefined;
      return joined(predicted, count, communicator);
    },
    free: () => own.free(),
  };
}

const streamedPart = (all: StreamedArray, first: number, end: number): StreamedArray => ({
  ...all,
  shape: [end - first, ...all.shape.slice(1)],
  read: (rows, signal) =>
    all.read(
      rows.map((row) => row + first),
      signal,
    ),
});

/** What all ranks predict, one after another; a rank may have no rows. */
async function joined(own: HostArray | undefined, count: number, { gather }: Communicator): Promise<HostArray> {
  const shape = JSON.stringify(own && { shape: own.shape.slice(1), dtype: own.dtype });
  const heads = await gather(new TextEncoder().encode(own ? shape : ""));
  const known = heads.map((bytes) => new TextDecoder().decode(bytes)).find((text) => text !== "")!;
  const { shape: row, dtype } = JSON.parse(known) as Pick<HostArray, "shape" | "dtype">;
  const { data } = own ?? { data: new Uint8Array() };
  const parts = await gather(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const all = zeros([count, ...row], dtype);
  const bytes = new Uint8Array(all.data.buffer, all.data.byteOffset, all.data.byteLength);
  let at = 0;
  for (const each of parts) {
    bytes.set(each, at);
    at += each.length;
  }
  if (at !== bytes.length) throw new RangeError(`ranks predicted ${at} bytes of ${describe(all)}.`);
  return all;
}
