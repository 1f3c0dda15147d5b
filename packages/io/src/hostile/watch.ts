// Reads damaged files in a worker that is watched: where one takes too long, or ends the worker, this is noted, and the rest is read by
// another worker.
import { Worker } from "node:worker_threads";
import type { ReaderReport, ReaderTask } from "./reader.ts";

/** Milliseconds that a file may take, on a machine that has other work. */
const longest = 20_000;

/** How a worker ended: with a report, or at a file. */
type Ending = { readonly report: ReaderReport } | { readonly at: number; readonly why: string };

function run(format: string, from: number, to: number): Promise<Ending> {
  const place = new Int32Array(new SharedArrayBuffer(4));
  const workerData: ReaderTask = { format, from, to, place };
  const worker = new Worker(new URL("./reader.ts", import.meta.url), {
    workerData,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  return new Promise((resolve) => {
    let [last, since] = [-1, performance.now()];
    const end = (ending: Ending): void => {
      clearInterval(watching);
      resolve(ending);
      void worker.terminate();
    };
    const watching = setInterval(() => {
      const at = Atomics.load(place, 0);
      if (at !== last) [last, since] = [at, performance.now()];
      else if (performance.now() - since > longest) end({ at, why: `takes longer than ${longest / 1000} s` });
    }, 250);
    const ended = (why: string) => end({ at: Atomics.load(place, 0), why });
    worker.on("message", (report: ReaderReport) => end({ report }));
    worker.on("error", (error) => ended(`ends the worker: ${error}`));
    worker.on("exit", (code) => ended(`ends the worker with the code ${code}`));
  });
}

/** Reads the first `count` damaged files of a format. */
export async function readDamaged(format: string, count: number): Promise<ReaderReport> {
  let read = 0;
  const faults: string[] = [];
  // Workers end in between, so that what one file leaves behind does not gather.
  const most = 2_000;
  for (let from = 0; from < count; ) {
    const to = Math.min(count, from + most);
    const ending = await run(format, from, to);
    if ("report" in ending) {
      read += ending.report.read;
      faults.push(...ending.report.faults);
      from = to;
    } else {
      faults.push(`${format}, file ${ending.at}: ${ending.why}`);
      from = Math.max(from, ending.at) + 1;
    }
  }
  return { read, faults };
}
