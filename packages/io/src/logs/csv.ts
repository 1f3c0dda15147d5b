// A log of epochs as CSV: a line an epoch, its numbers in full.
import { fail } from "@hooke/runtime";
import { type LogFormat, scalarsOf } from "./log-format.ts";

const encoder = new TextEncoder();
const quote = (name: string): string => (/[",\n\r]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
const line = (cells: readonly (string | number)[]): Uint8Array => encoder.encode(`${cells.join()}\n`);

/** `epoch,step,loss,learningRate,validation/loss,...`. */
export const csvFormat: LogFormat = {
  namesColumns: true,
  head: (record) => line(["epoch", "step", ...scalarsOf(record).map(([name]) => quote(name))]),
  entry: (record) => line([record.epoch, record.step, ...scalarsOf(record).map(([, value]) => value)]),
  read(file, source) {
    const text = new TextDecoder().decode(file);
    const beginning = "epoch,step,";
    if (text.slice(0, beginning.length) !== beginning.slice(0, text.length)) {
      fail(source, `does not begin with ${beginning} and is no log; give another path.`, "corrupt-file");
    }
    // A line that does not end was being written.
    const [head = "", ...lines] = text.split("\n").slice(0, -1);
    const entries = lines.map((entry, i) => {
      const [epoch, step] = entry.split(",").map(Number);
      if (!Number.isInteger(epoch) || !Number.isInteger(step)) {
        fail(source, `line ${i + 2} begins with no epoch and step; give another path.`, "corrupt-file");
      }
      return { step: step!, bytes: encoder.encode(`${entry}\n`) };
    });
    return { head: head === "" ? new Uint8Array() : encoder.encode(`${head}\n`), entries };
  },
};
