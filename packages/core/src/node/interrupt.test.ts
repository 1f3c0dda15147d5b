// Ctrl-C in a process of its own: the training ends, saves and says so; a second one ends what does not stop.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { HookeError } from "@hooke/runtime";
import { expect, test, vi } from "vitest";
import { runInterruptible, stopOnInterrupt } from "./interrupt.ts";

const fixture = fileURLToPath(new URL("interrupt.fixture.ts", import.meta.url));

/** Waits for a line of the child's output. */
async function said(child: ChildProcess, line: string): Promise<void> {
  let output = "";
  for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
    output += chunk;
    if (output.includes(line)) return;
  }
  throw new Error(`the child ended without saying "${line}": ${output}`);
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends a training in order",
  async (name) => {
    const child = spawn(process.execPath, [fixture], { stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    await said(child, "at work\n");
    child.kill(name);
    await said(child, "aborted true true\n");
    const [code] = await once(child, "close");
    expect([code, errors]).toEqual([0, "\nStopping; Ctrl-C again ends at once.\n"]);
  },
  30_000,
);

test("a second one ends the process at once", async () => {
  const child = spawn(process.execPath, [fixture, "endless"], { stdio: ["ignore", "pipe", "ignore"] });
  await said(child, "at work\n");
  child.kill("SIGINT");
  await said(child, "stopping\n");
  child.kill("SIGINT");
  const [code, signal] = await once(child, "close");
  expect([code, signal]).toEqual([null, "SIGINT"]);
});

test("listens no longer once released", () => {
  const before = process.listenerCount("SIGINT");
  const { release } = stopOnInterrupt();
  expect(process.listenerCount("SIGINT")).toBe(before + 1);
  release();
  expect(process.listenerCount("SIGINT")).toBe(before);
});

test.each<[string, (signal: AbortSignal) => void, string | undefined, string[], number | undefined]>([
  ["ends", () => {}, "node a.ts", [], undefined],
  ["fails", () => fail(new HookeError("fit: no")), "node a.ts", ["fit: no"], 1],
  ["is stopped", interrupted, "node a.ts", ["Stopped. To go on: node a.ts"], 130],
  ["is stopped with nothing saved", interrupted, undefined, ["interrupted: the process was asked to stop."], 130],
])("runInterruptible says how work %s", async (_, work, goOn, said, code) => {
  const written = vi.spyOn(console, "error").mockImplementation(() => {});
  const stopping = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  const before = process.listenerCount("SIGINT");
  try {
    await runInterruptible(work, goOn);
    expect(written.mock.calls.flat()).toEqual(said);
    expect(process.exitCode).toBe(code);
    expect(process.listenerCount("SIGINT")).toBe(before);
  } finally {
    process.exitCode = undefined;
    written.mockRestore();
    stopping.mockRestore();
  }
});

test("runInterruptible throws what is no HookeError", async () => {
  const bug = new TypeError("bug");
  await expect(runInterruptible(() => fail(bug))).rejects.toBe(bug);
});

function fail(error: Error): never {
  throw error;
}

function interrupted(signal: AbortSignal): void {
  process.emit("SIGINT");
  signal.throwIfAborted();
}
