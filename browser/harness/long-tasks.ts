// Whether a page stays responsive: the tasks of its main thread, from Chromium's trace.
//
// The Long Tasks API counts wall time, and with it whatever else the machine does meanwhile. The trace also tells the time that
// the thread itself computed: what the page can answer for. Chromium has pages of its own in the trace, which no page can answer
// for either, so the watched one leaves a mark in it.

import type { Browser, Page } from "playwright-core";

/** What a page's main thread did while it was watched. */
export interface MainThread {
  /** Computing time of the tasks above 50 ms, in ms. */
  readonly longTasks: readonly number[];
  /** Number of tasks of any length. */
  readonly tasks: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** How long it took, in microseconds. */
  readonly dur: number;
  /** Computing time of the thread, in microseconds; left out of tasks too short for the thread's clock to move. */
  readonly tdur?: number;
}

const limit = 50;
const mark = "watched by a test";

const leaveMark = (page: Page): Promise<void> => page.evaluate((name) => void performance.mark(name), mark);

/**
 * Watches the main thread of a page of a browser while `body` runs; one page at a time, which may load another document.
 *
 * @throws if Chromium's trace has no tasks with computing times
 */
export async function watchMainThread<R>(
  browser: Browser,
  page: Page,
  body: () => Promise<R>,
): Promise<MainThread & { readonly result: R }> {
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"] });
  let trace: Buffer | undefined;
  let result: R;
  try {
    await leaveMark(page);
    result = await body();
    await leaveMark(page);
    // An answer leaves a page before the task that gave it has ended; the one of a later task leaves when that has.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const main = new Set(traceEvents.filter(({ name }) => name === mark).map(thread));
  const tasks = traceEvents.filter(
    (event) => event.name === "ThreadControllerImpl::RunTask" && event.ph === "X" && main.has(thread(event)),
  );
  if (!tasks.some(({ tdur }) => tdur !== undefined)) {
    throw new Error(`chromium: its trace has ${tasks.length} tasks of the page, none with a computing time.`);
  }
  // The thread's clock goes in steps, of which a short task may be given more than it took.
  const durations = tasks.map(({ dur, tdur = 0 }) => Math.min(dur, tdur) / 1000);
  return { result, tasks: tasks.length, longTasks: durations.filter((duration) => duration > limit) };
}
