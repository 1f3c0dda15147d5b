// A page's worker: has a run computed, reporting at most 15 times a second, keeps it, and answers questions besides.
import { HookeError } from "@hooke/runtime";
import type { Kept, Reply, Request, Standing } from "./messages.ts";
import { load, loadCheckpoint, save } from "./storage.ts";

/** What a run is given. */
export interface Run<Shown, Checkpoint> {
  /** What was kept of it last: it goes on from there. Undefined where it begins. */
  readonly from: (Standing<Shown> & { readonly checkpoint: Checkpoint }) | undefined;
  /** Aborted when it is to pause. */
  readonly signal: AbortSignal;
  /** Tells the page, now and then, and lets messages in. Called often: what is shown is asked for only when it is told. */
  report(done: number, shown: () => Shown | Promise<Shown>): Promise<void>;
  /** Keeps what the run can go on from, so that no reload loses it. */
  keep(checkpoint: Checkpoint, done: number, shown: Shown): Promise<void>;
}

/** What a worker serves. */
export interface Service<Settings, Shown, Checkpoint> {
  /** What a whole run does, in its own steps. */
  total(settings: Settings): number | Promise<number>;
  /** Computes until the end, or until the signal. Returns how it stands then. */
  compute(settings: Settings, run: Run<Shown, Checkpoint>): Promise<{ readonly done: number; readonly shown: Shown }>;
  /** Answers by question; functions of plain data. */
  readonly questions: Readonly<Record<string, (...given: never[]) => unknown>>;
}

const reportEvery = 1000 / 15;
const say = (reply: Reply): void => postMessage(reply);
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const lost =
  "The run that was to go on is no longer kept: it was reset, or replaced by newer ones, in another tab. Start begins anew.";

/** Serves the workbench from a worker. */
export function serve<Settings, Shown, Checkpoint>(service: Service<Settings, Shown, Checkpoint>): void {
  /** Stops the run that computes, if one does. */
  let stop: AbortController | undefined;

  async function run(request: Extract<Request, { type: "run" }>, signal: AbortSignal): Promise<Kept | undefined> {
    const { address, page, title, resume } = request;
    const settings = request.settings as Settings;
    const total = await service.total(settings);
    const [kept, checkpoint] = [await load(address), await loadCheckpoint(address)];
    if (resume && checkpoint === undefined) throw new Error(lost);
    const isBegun = kept !== undefined && checkpoint !== undefined;
    const about = { address, page, title, total };
    const begun = isBegun ? (kept as Kept<Shown>) : undefined;
    let latest = begun && { done: begun.done, shown: (): Shown | Promise<Shown> => begun.shown };
    let told = { time: performance.now(), done: latest?.done ?? 0 };
    const progress: Run<Shown, Checkpoint> = {
      from: begun && { ...begun, checkpoint: checkpoint as Checkpoint },
      signal,
      async report(done, shown) {
        latest = { done, shown };
        const elapsed = performance.now() - told.time;
        if (elapsed < reportEvery) return;
        const standing = { done, total, shown: await shown() };
        say({ type: "standing", standing, perSecond: ((done - told.done) / elapsed) * 1000 });
        told = { time: performance.now(), done };
        // Steps follow each other in microtasks; a turn of the event loop lets messages in.
        await new Promise((resolve) => setTimeout(resolve));
      },
      async keep(state, done, shown) {
        latest = { done, shown: () => shown };
        await save({ ...about, done, shown, outcome: done >= total ? "finished" : "paused" }, state);
      },
    };
    try {
      const { done, shown } = await service.compute(settings, progress);
      return await save({ ...about, done, shown, outcome: signal.aborted && done < total ? "paused" : "finished" });
    } catch (error) {
      // Started again, numbers that went bad would do so again.
      if (error instanceof HookeError && error.code === "non-finite" && latest) {
        const { done, shown } = latest;
        return await save({ ...about, done, shown: await shown(), outcome: "failed", why: error.message });
      }
      throw error;
    }
  }

  self.onmessage = async ({ data }: MessageEvent<Request>) => {
    if (data.type === "pause") stop?.abort();
    else if (data.type === "ask") {
      const { id, question, given } = data;
      try {
        const value = await service.questions[question]!(...(given as never[]));
        say({ type: "answer", id, value });
      } catch (error) {
        say({ type: "refusal", id, message: wordsOf(error) });
      }
    } else {
      stop = new AbortController();
      try {
        const kept = await run(data, stop.signal);
        say({ type: "ended", kept, error: kept?.why ?? "" });
      } catch (error) {
        say({ type: "ended", kept: await load(data.address), error: wordsOf(error) });
      }
    }
  };
}
