// The trace of a profile, read by what reads traces in Chromium: the engine behind the panel "Performance" of its tools for developers.
import { profile } from "@hooke/backend-wasm/profile";
import { array, matmul, record, scan, type Tensor, tanh } from "@hooke/runtime";
import { expect, test } from "vitest";
import { launch, withDevTools } from "./harness/chromium.ts";

const skipped = withDevTools === undefined ? " (skipped: no Chromium with tools for developers)" : "";

/** A span, as the engine tells it. */
type Span = readonly [name: string, start: number, duration: number];
/** What the engine finds: whether the trace is of something else than a page, and the spans of threads by their names. */
interface Found {
  readonly generic: boolean;
  readonly threads: readonly (readonly [name: string, spans: readonly Span[]])[];
}

/** The engine's module, as far as it is used here. */
interface Engine {
  readonly TraceModel: { readonly Model: { createWithAllHandlers(): Model } };
  readonly Handlers: { readonly Threads: { threadsInTrace(data: Data): readonly Thread[] } };
}
interface Model {
  parse(events: readonly unknown[], options: object): Promise<void>;
  parsedTrace(index: number): { readonly data: Data };
}
interface Data {
  readonly Meta: { readonly traceIsGeneric: boolean };
}
interface Thread {
  readonly name: string;
  readonly entries: readonly { readonly name: string; readonly ts: number; readonly dur: number }[];
}

/** Reads a trace, in the page of the tools. */
async function read({ TraceModel, Handlers }: Engine, trace: string): Promise<Found> {
  const model = TraceModel.Model.createWithAllHandlers();
  await model.parse(JSON.parse(trace).traceEvents, {});
  const { data } = model.parsedTrace(0);
  const threads = Handlers.Threads.threadsInTrace(data);
  return {
    generic: data.Meta.traceIsGeneric,
    threads: threads.map(({ name, entries }) => [name, entries.map(({ name, ts, dur }) => [name, ts, dur])]),
  };
}

test.skipIf(skipped)(`Chromium's engine of traces finds every kernel of a profile${skipped}`, async () => {
  const [w, xs] = [
    [128, 128],
    [8, 128, 128],
  ].map((shape) => {
    const size = shape.reduce((a, b) => a * b);
    return array(
      Array.from({ length: size }, (_, i) => Math.sin(i)),
      { shape },
    );
  });
  const layers = (w: Tensor, xs: Tensor) =>
    scan((carry: Tensor, x: Tensor) => [tanh(matmul(carry, x)), []] as const, w, xs)[0];
  const { program } = record(layers, w!, xs!);
  const { trace } = await profile(program, [w!, xs!], { threads: 2, milliseconds: 20 });
  const { traceEvents } = JSON.parse(trace) as {
    traceEvents: { ph: string; tid: number; name: string; ts: number; dur: number }[];
  };
  const browser = await launch(withDevTools);
  try {
    const page = await browser.newPage();
    await page.goto("devtools://devtools/bundled/devtools_app.html");
    // As text: a test runner puts its own in the place of an import.
    const engine = await page.evaluateHandle<Engine>('import("./models/trace/trace.js")');
    const { generic, threads } = await engine.evaluate(read, trace);
    expect(generic).toBe(true);
    // The engine leaves out threads that did nothing.
    for (const [name, spans] of threads) {
      const tid = name === "calling thread" ? 0 : 1;
      const own = traceEvents.filter((event) => event.ph === "X" && event.tid === tid);
      expect(spans).toEqual(own.map(({ name, ts, dur }) => [name, ts, dur]));
    }
    expect(threads[0]![0]).toBe("calling thread");
    expect(threads[0]![1].filter(([name]) => name === "dot").length).toBeGreaterThanOrEqual(8);
  } finally {
    await browser.close();
  }
});
