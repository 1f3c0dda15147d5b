// The page's side of a figure's worker.
import type { Result, Settings, TaskName } from "./tasks.ts";
import type { Reply, Request } from "./worker.ts";

/** What is done with the answers. */
export interface Answers<Name extends TaskName> {
  /** Called for each result on the way, then for the last one. */
  show(result: Result<Name>, last: boolean): void;
  /** Called when there will be no result. */
  fail(message: string): void;
}

/** A worker that computes one task. */
export interface Worked<Name extends TaskName> {
  /** Computes anew; what was asked before is given up. */
  ask(settings: Settings<Name>): void;
  /** Ends the worker. */
  remove(): void;
}

export function inWorker<Name extends TaskName>(task: Name, { show, fail }: Answers<Name>): Worked<Name> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  let asked = 0;
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    if (data.id !== asked) return;
    if ("error" in data) fail(data.error);
    else show(data.result as Result<Name>, data.last);
  });
  worker.addEventListener("error", ({ message }) => fail(message || "the worker could not be started"));
  return {
    ask: (settings) => worker.postMessage({ id: ++asked, task, settings } satisfies Request),
    remove: () => worker.terminate(),
  };
}
