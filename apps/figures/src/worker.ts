// The worker of a figure: computes one thing at a time. What was asked before is given up.
import type { Computing } from "./computing.ts";
import { type TaskName, tasks } from "./tasks.ts";

/** What a page asks. */
export interface Request {
  readonly id: number;
  readonly task: TaskName;
  readonly settings: unknown;
}

/** What the worker answers, to the request of that number: a result, the last one or one on the way, or why there is none. */
export type Reply = { readonly id: number } & (
  | { readonly result: unknown; readonly last: boolean }
  | { readonly error: string }
);

type Compute = (settings: unknown, computing: Computing<unknown>) => Promise<unknown>;

const reply = (message: Reply): void => postMessage(message);
let current = new AbortController();

addEventListener("message", async ({ data: { id, task, settings } }: MessageEvent<Request>) => {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  const show = (result: unknown): void => {
    if (!signal.aborted) reply({ id, result, last: false });
  };
  try {
    const { compute } = (await tasks[task]()) as { readonly compute: Compute };
    const result = await compute(settings, { signal, show });
    if (!signal.aborted) reply({ id, result, last: true });
  } catch (error) {
    if (!signal.aborted) reply({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
