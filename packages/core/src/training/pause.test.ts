// Stopping: what happens outside of a loop is seen within 50 ms, whatever the loop. Machines that do other things at the same
// time are late by themselves: a trial counts if one of a few is in time, and none may be late by seconds.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { referenceBackend, zeros } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { initialize } from "../model/init.ts";
import { sgd } from "../optimizers/sgd.ts";
import { predict } from "./predict.ts";
import { train } from "./train.ts";
import { bentLine, collect, only, options, plainModel } from "./training.fixture.ts";

const limit = 50;
const trials = 5;

/** The shortest of a few delays, ms. */
async function delayOf(trial: () => Promise<number>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < trials && shortest >= limit; i++) shortest = Math.min(shortest, await trial());
  return shortest;
}

const endless = (signal: AbortSignal) =>
  train(options({ data: { train: bentLine(16) }, optimizer: sgd(), learningRate: 1e-6, epochs: 1_000_000, signal }));

describe("a training", () => {
  it("lets timers run, and ends by them", async () => {
    const late = await delayOf(async () => {
      const stop = new AbortController();
      let due = Number.POSITIVE_INFINITY;
      setTimeout(() => {
        due = performance.now();
        stop.abort();
      }, 30);
      const started = performance.now();
      for await (const { type } of endless(stop.signal)) if (type === "end") break;
      return Math.max(due - started - 30, performance.now() - due);
    });
    expect(late).toBeLessThan(limit);
  });

  it("ends by AbortSignal.timeout", async () => {
    const late = await delayOf(async () => {
      const started = performance.now();
      const [end] = only(await collect(endless(AbortSignal.timeout(40))), "end");
      expect(end!.reason).toBe("aborted");
      return performance.now() - started - 40;
    });
    expect(late).toBeLessThan(limit);
  });

  it("ends in the midst of a validation, which a resumed training makes anew", async () => {
    const many = bentLine(200_000, 3);
    const saved: Uint8Array[] = [];
    const given = options({ data: { train: bentLine(16), validation: many }, epochs: 1, batchSize: 16 });
    const checkpoint = { every: "epoch" as const, save: (bytes: Uint8Array) => void saved.push(bytes) };
    const stop = new AbortController();
    const events: string[] = [];
    const started = performance.now();
    for await (const { type } of train({ ...given, checkpoint, signal: stop.signal })) {
      events.push(type);
      if (type === "epoch") setTimeout(() => stop.abort(), 20);
    }
    expect(events).toEqual(["step", "epoch", "checkpoint", "end"]);
    const whole = performance.now() - started;
    const small = { ...given.data, validation: bentLine(5, 3) };
    const resumed = await collect(train({ ...given, data: small, resume: saved.at(-1)! }));
    expect(resumed.map(({ type }) => type)).toEqual(["epoch", "validation", "end"]);
    expect(whole).toBeLessThan(5_000);
  });

  const program = fileURLToPath(new URL("./pause.fixture.ts", import.meta.url));

  it("hears SIGINT", async () => {
    const late = await delayOf(async () => {
      const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
      const times: Record<string, number> = {};
      let sent = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        const [what, at] = line.split(" ") as [string, string];
        times[what] = Number(at);
        if (what !== "training") continue;
        await new Promise((resolve) => setTimeout(resolve, 50));
        sent = Date.now();
        child.kill("SIGINT");
      }
      return Math.max(times.heard! - sent, times.ended! - times.heard!);
    });
    expect(late).toBeLessThan(limit);
  });

  it("hears messages in a worker", async () => {
    const late = await delayOf(async () => {
      const worker = new Worker(program);
      const times: Record<string, number> = {};
      let sent = 0;
      worker.on("message", (line: string) => {
        const [what, at] = line.split(" ") as [string, string];
        times[what] = Number(at);
        if (what !== "training") return;
        setTimeout(() => {
          sent = Date.now();
          worker.postMessage("stop");
        }, 50);
      });
      await once(worker, "exit");
      return Math.max(times.heard! - sent, times.ended! - times.heard!);
    });
    expect(late).toBeLessThan(limit);
  });
});

it("a prediction lets timers run and ends by its signal", async () => {
  const backend = referenceBackend();
  const layer = plainModel();
  const model = { layer, inputShape: [2], variables: await initialize(backend, layer, [2], 0) };
  const signal = AbortSignal.timeout(20);
  await expect(predict(model, zeros([1_000_000, 2]), { backend, batchSize: 16, signal })).rejects.toThrow("timeout");
});
