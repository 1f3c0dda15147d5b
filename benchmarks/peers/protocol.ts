// How a peer serves measurements: one line of JSON on standard input asks for one, one line on standard output answers.
// protocol.py is the same in Python; both must time alike.
import { createInterface } from "node:readline";

/** Something to time. */
export interface Task {
  /** Makes `count` calls. */
  run(count: number): void | Promise<void>;
  /** Numbers that every peer must find, e.g. losses: shows that all of them compute the same thing. */
  readonly check: readonly number[];
}

/** Tasks by name; each is set up when it is first asked for. */
export type Tasks = Readonly<Record<string, () => Task | Promise<Task>>>;

export interface Request {
  readonly task: string;
  /** Untimed calls before the first sample last this long, in milliseconds; 0 for none. */
  readonly warmUp: number;
  /** Duration of one sample, in milliseconds; 0 for a single call. */
  readonly duration: number;
  readonly samples: number;
}

/** The first line a peer prints. */
export type Greeting =
  | { readonly name: string; readonly version: string; readonly tasks: readonly string[] }
  /** Why it cannot take part. */
  | { readonly missing: string };

export interface Reply {
  readonly name: string;
  readonly version: string;
  /** Milliseconds per call. */
  readonly samples: readonly number[];
  readonly check: readonly number[];
  /** Kernels that a call launches, where they are counted. */
  readonly launches?: number;
}

async function time(task: Task, count: number): Promise<number> {
  const start = performance.now();
  await task.run(count);
  return performance.now() - start;
}

async function measure(task: Task, { warmUp, duration, samples }: Request): Promise<number[]> {
  let count = 1;
  for (let spent = 0; spent < warmUp; ) {
    const elapsed = await time(task, count);
    spent += elapsed;
    count = Math.max(1, Math.min(2 * count, Math.round((count * duration) / elapsed)));
  }
  const result: number[] = [];
  while (result.length < samples) result.push((await time(task, count)) / count);
  return result;
}

/** Answers requests until standard input ends. @param launched how many kernels have been launched so far */
export async function serve(name: string, version: string, tasks: Tasks, launched?: () => number): Promise<void> {
  const print = (line: Greeting | Reply) => console.log(JSON.stringify(line));
  const ready = new Map<string, Task>();
  print({ name, version, tasks: Object.keys(tasks) });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    const known = ready.get(request.task);
    const task = known ?? (await tasks[request.task]!());
    ready.set(request.task, task);
    const before = launched?.() ?? 0;
    // Once, when the task has just been set up: a call that is not timed.
    if (launched !== undefined && known === undefined) await task.run(1);
    const launches = (launched?.() ?? 0) - before;
    const counted = launches > 0 ? { launches } : {};
    print({ name, version, samples: await measure(task, request), check: task.check, ...counted });
  }
}
