// The page: starts the worker, shows progress, cancels, and counts the frames it draws.
import type { Command, Job, Outcome, Report } from "./messages.ts";

/** What happened on the page while a worker trained. */
export interface Watched extends Outcome {
  /** Progress messages received. */
  readonly progress: number;
  /** Animation frames drawn. */
  readonly frames: number;
}

/** How to train in a worker of this page. */
export interface TrainInWorker extends Job {
  /** Sends `cancel` after this many updates of the worker. Default: never. */
  readonly cancelAfter?: number;
}

declare global {
  interface Window {
    trainInWorker(options: TrainInWorker): Promise<Watched>;
    /** Updates of the current training, for a reload in the middle of one. */
    currentStep: number;
  }
}

const output = document.createElement("output");
document.body.append(output);
window.currentStep = 0;

window.trainInWorker = async ({ cancelAfter, ...job }) => {
  let frames = 0;
  let watching = true;
  const frame = (): void => {
    frames++;
    if (watching) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);

  const worker = new Worker(new URL("./training-worker.js", import.meta.url), { type: "module" });
  const send = (command: Command): void => worker.postMessage(command);
  let progress = 0;
  window.currentStep = 0;
  try {
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.onmessage = ({ data }: MessageEvent<Report>) => {
        if (data.type === "error") return reject(new Error(data.message));
        if (data.type === "end") return resolve(data);
        progress++;
        window.currentStep = data.step;
        output.textContent = `${data.step}: ${data.loss.toFixed(4)}`;
        if (progress === cancelAfter) send({ type: "cancel" });
      };
      send({ type: "start", job });
    });
    return { ...outcome, progress, frames };
  } finally {
    watching = false;
    worker.terminate();
  }
};
