// A run in the trace event format, which the viewers of browsers open:
// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
import { rowsOf, type Work } from "@hooke/plan/explain";
import { Meeting } from "./emitter.ts";
import type { Recording } from "./recording.ts";

/** The fastest run as JSON: what each thread did, in microseconds since the clock began: viewers take 0 for no time. Waiting for work is a gap, the calling thread's waiting for others is shown. */
export function traceOf({ emitter, plan, fastest }: Recording): string {
  const rows = new Map(rowsOf(plan, emitter).map((row) => [row.work, row]));
  const { start, threads } = fastest!;
  const microseconds = (milliseconds: number): number => Number((1000 * milliseconds).toFixed(3));
  const nameOf = (work: Work | Meeting): string => {
    if (!(work instanceof Meeting)) return rows.get(work)!.label;
    return "meeting of threads";
  };
  const events = threads.flatMap((looks, thread) => {
    let before = start;
    const named = {
      name: "thread_name",
      ph: "M",
      pid: 1,
      tid: thread,
      args: { name: thread === 0 ? "calling thread" : `worker ${thread}` },
    };
    const spans = looks.flatMap(({ at, measured }) => {
      const from = before;
      before = at;
      const work = emitter.measured[measured]!;
      if (work instanceof Meeting && thread > 0) return [];
      const args = work instanceof Meeting ? {} : { kernel: rows.get(work)!.number, over: rows.get(work)!.over };
      return [
        {
          name: nameOf(work),
          cat: "kernel",
          ph: "X",
          pid: 1,
          tid: thread,
          ts: microseconds(from),
          dur: microseconds(at - from),
          args,
        },
      ];
    });
    return [named, ...spans];
  });
  const process = { name: "process_name", ph: "M", pid: 1, tid: 0, args: { name: "Hooke" } };
  return JSON.stringify({ displayTimeUnit: "ns", traceEvents: [process, ...events] });
}
