// The workers that measure the folds of a job, several at once where processors allow.
import type { Failed, FoldWork, Measured } from "@hooke/model-advisor";
import type { FoldReply, FoldRequest } from "./fold-messages.ts";
import type { Settings } from "./settings.ts";

/** Processors beyond which more workers would only take memory. */
const most = 8;

export interface Hands {
  readonly count: number;
  readonly measure: (work: FoldWork) => Promise<Measured | Failed>;
  /** Ends all of them at once; what they measure is lost. */
  end(): void;
}

/** Undefined where workers cannot have workers: then folds are measured where they are asked for. */
export function handsFor(settings: Settings, signal: AbortSignal): Hands | undefined {
  if (typeof Worker === "undefined") return undefined;
  const count = Math.max(1, Math.min(most, navigator.hardwareConcurrency));
  const all = Array.from({ length: count }, () => {
    const worker = new Worker(new URL("./fold-worker.ts", import.meta.url), { type: "module" });
    worker.postMessage({ type: "open", settings } satisfies FoldRequest);
    return worker;
  });
  const idle = [...all];
  return {
    count,
    measure: (work) =>
      new Promise((resolve, reject) => {
        const worker = idle.pop()!;
        const stop = (): void => reject(signal.reason);
        signal.addEventListener("abort", stop, { once: true });
        worker.onmessage = ({ data }: MessageEvent<FoldReply>) => {
          signal.removeEventListener("abort", stop);
          idle.push(worker);
          if (data.type === "measured") resolve(data.result);
          else reject(new Error(data.message));
        };
        worker.onerror = ({ message }) => reject(new Error(`A worker that measures stopped: ${message}.`));
        worker.postMessage({ type: "measure", work } satisfies FoldRequest);
      }),
    end() {
      for (const worker of all) worker.terminate();
    },
  };
}
