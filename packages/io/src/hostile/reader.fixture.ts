// A worker that reads damaged files one after another; whoever started it sees at which it is, and ends it where it does not come back.
import { parentPort, workerData } from "node:worker_threads";
import { HookeError } from "@hooke/runtime";
import { damaged, drawer } from "./damage.fixture.ts";
import { formats, source } from "./formats.fixture.ts";

/** What a worker is told. */
export interface ReaderTask {
  readonly format: string;
  /** The numbers of the files. */
  readonly from: number;
  readonly to: number;
}

/** What a worker tells. */
export interface ReaderReport {
  /** Files that could be read all the same. */
  readonly read: number;
  /** What should not be, by the number of the file. */
  readonly faults: readonly string[];
}

const codes: readonly unknown[] = ["corrupt-file", "unsupported", "mismatch"];
/** Nobody reads more faults of one task. */
const mostFaults = 20;

const place = workerData as Int32Array;
let note = (_: string): void => undefined;
process.on("unhandledRejection", (error) => note(`nobody awaits ${error}`));

parentPort!.on("message", async ({ format: name, from, to }: ReaderTask) => {
  const format = formats[name]!;
  const faults: string[] = [];
  note = (what) => void (faults.length < mostFaults && faults.push(`${name}, file ${place[0]}: ${what}`));
  let read = 0;
  for (let index = from; index < to; index++) {
    Atomics.store(place, 0, index);
    const bytes = damaged(format.seeds, drawer(name, index));
    const file = (await format.pack?.(bytes)) ?? bytes;
    try {
      await format.read(file);
      read++;
    } catch (error) {
      if (!(error instanceof HookeError)) note(error instanceof Error ? (error.stack ?? error.message) : String(error));
      else if (!codes.includes(error.code)) note(`has the code ${error.code}: ${error.message}`);
      else if (!error.message.startsWith(source)) note(`does not say who speaks: ${error.message}`);
    }
  }
  parentPort!.postMessage({ read, faults } satisfies ReaderReport);
});
