// A log of epochs as TensorBoard reads it: records with checksums, each an event of some scalars.
// Sources: tensorflow/core/lib/io/record_writer.h (records), tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto.
import { crc32c } from "@hooke/data/safetensors";
import { fail } from "@hooke/runtime";
import { Message } from "../protobuf.ts";
import { type LogEntry, type LogFormat, scalarsOf } from "./log-format.ts";

/** Checksums of data that hold checksums are turned and moved. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Length, its checksum, the bytes, their checksum. */
function recordOf(message: Message): Uint8Array {
  const data = message.finish();
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(data), true);
  return bytes;
}

const event = (): Message => new Message().float64(1, Date.now() / 1000);

export const tensorboardFormat: LogFormat = {
  namesColumns: false,
  head: () => recordOf(event().text(3, "brain.Event:2")),
  entry(record) {
    const summary = new Message();
    for (const [name, value] of scalarsOf(record)) summary.message(1, new Message().text(1, name).float32(2, value));
    return recordOf(event().integer(2, record.step).message(5, summary));
  },
  read(file, source) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const records: LogEntry[] = [];
    let at = 0;
    while (at + 12 <= file.length) {
      if (view.getUint32(at + 8, true) !== masked(file.subarray(at, at + 8))) damaged(at, source);
      const length = Number(view.getBigUint64(at, true));
      const end = at + length + 16;
      if (end > file.length) break;
      const data = file.subarray(at + 12, end - 4);
      if (view.getUint32(end - 4, true) !== masked(data)) damaged(at, source);
      records.push({ step: stepOf(data), bytes: file.slice(at, end) });
      at = end;
    }
    const [head, ...entries] = records;
    return { head: head?.bytes ?? new Uint8Array(), entries };
  },
};

function damaged(at: number, source: string): never {
  const cure = "Move the file away, or log into another folder";
  return fail(source, `the record at byte ${at} is damaged, or no record. ${cure}.`, "corrupt-file");
}

/** The step of an event as {@link tensorboardFormat} writes it: a time of nine bytes, then field 2. */
function stepOf(data: Uint8Array): number {
  if (data[9] !== 16) return 0;
  let [step, place] = [0, 1];
  for (const byte of data.subarray(10)) {
    step += (byte & 127) * place;
    place *= 128;
    if (byte < 128) break;
  }
  return step;
}
