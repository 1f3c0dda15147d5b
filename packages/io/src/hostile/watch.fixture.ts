// Reads damaged files in a worker that is watched: where one takes too long, or ends the worker, this is noted, and the rest is read by
// another worker.
import { Worker } from "node:worker_threads";
import type { ReaderReport, ReaderTask } from "./reader.fixture.ts";

/** Milliseconds that a file may take, and the start of a worker, on a machine that has other work. */
const [longest, longestStart] = [20_000, 120_000];
/** Files that a worker reads: what they leave behind is not to gather. */
const mostFiles = 2_000;

/** How a task ended: with a report, or at a file. */
type Ending = { readonly report: ReaderReport } | { readonly at: number; readonly why: string };

interface Reader {
  readonly worker: Worker;
  /** Where the number of the file that is read stands; -1 before the first. */
  readonly place: Int32Array;
  files: number;
  settle(ending: Ending): void;
}

/** A worker that has nothing to do: starting one takes as long as reading hundreds of files. */
let idle: Reader | undefined;

function start(): Reader {
  const place = new Int32Array(new SharedArrayBuffer(4));
  const options = { workerData: place, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 1024 } };
  const worker = new Worker(new URL("./reader.fixture.ts", import.meta.url), options);
  const reader: Reader = { worker, place, files: 0, settle: () => undefined };
  const ended = (why: string): void => reader.settle({ at: place[0]!, why });
  worker.on("message", (report: ReaderReport) => reader.settle({ report }));
  worker.on("error", (error) => ended(`ends the worker: ${error}`));
  worker.on("exit", (code) => ended(`ends the worker with the code ${code}`));
  return reader;
}

async function run(task: ReaderTask): Promise<Ending> {
  const reader = idle ?? start();
  idle = undefined;
  const { worker, place } = reader;
  reader.files += task.to - task.from;
  Atomics.store(place, 0, -1);
  worker.postMessage(task);
  let watching: ReturnType<typeof setInterval> | undefined;
  const ending = await new Promise<Ending>((resolve) => {
    reader.settle = resolve;
    let [last, since] = [-1, performance.now()];
    watching = setInterval(() => {
      const at = Atomics.load(place, 0);
      const bound = at < 0 ? longestStart : longest;
      if (at !== last) [last, since] = [at, performance.now()];
      else if (performance.now() - since > bound) resolve({ at, why: `takes longer than ${bound / 1000} s` });
    }, 250);
  });
  clearInterval(watching);
  if ("report" in ending && reader.files < mostFiles) idle = reader;
  else await worker.terminate();
  return ending;
}

/** Ends the worker that is kept. */
export async function endReader(): Promise<void> {
  await idle?.worker.terminate();
}

/** Reads damaged files of a format by their numbers, from `first` to before `end`. */
export async function readDamaged(format: string, first: number, end: number): Promise<ReaderReport> {
  let read = 0;
  const faults: string[] = [];
  for (let from = first; from < end; ) {
    const to = Math.min(end, from + mostFiles);
    const ending = await run({ format, from, to });
    if ("report" in ending) {
      read += ending.report.read;
      faults.push(...ending.report.faults);
      from = to;
    } else {
      faults.push(`${format}, file ${ending.at}: ${ending.why}`);
      from = Math.max(ending.at, from) + 1;
    }
  }
  return { read, faults };
}
