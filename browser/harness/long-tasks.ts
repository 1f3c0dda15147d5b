// Whether a page stays responsive: the tasks of its main thread, from Chromium's trace.
//
// The Long Tasks API counts wall time, and with it whatever else the machine does meanwhile. The trace also tells the time that
// the thread itself computed: what the page can answer for.

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
  /** Computing time of the thread, in microseconds; left out of tasks too short for the thread's clock to move. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

const limit = 50;

/**
 * Watches the main threads of every page of a browser while `body` runs; one at a time.
 *
 * @throws if Chromium's trace has no tasks with computing times
 */
export async function watchMainThread<R>(
  browser: Browser,
  page: Page,
  body: () => Promise<R>,
): Promise<MainThread & { readonly result: R }> {
  await browser.startTracing(page, { categories: ["toplevel"] });
  let trace: Buffer | undefined;
  let result: R;
  try {
    result = await body();
    // An answer leaves a page before the task that gave it has ended; the one of a later task leaves when that has.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const main = new Set(
    traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(thread),
  );
  const tasks = traceEvents.filter(
    (event) => event.name === "ThreadControllerImpl::RunTask" && event.ph === "X" && main.has(thread(event)),
  );
  if (!tasks.some(({ tdur }) => tdur !== undefined)) {
    throw new Error(`chromium: its trace has ${tasks.length} tasks of pages, none with a computing time.`);
  }
  const durations = tasks.map(({ tdur = 0 }) => tdur / 1000);
  return { result, tasks: tasks.length, longTasks: durations.filter((duration) => duration > limit) };
}
