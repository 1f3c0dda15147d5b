// Locks of processes that cannot be asked: touched while their holder lives, watched for a minute by one clock.
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { folderHolder, lockFolder, tryLockFolder } from "./index.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooke-lock-"));
  path = join(folder, "training.lock");
});
afterEach(() => rm(folder, { recursive: true }));

const foreign = { machine: "00000000", pid: 7, started: "x", host: "node7", since: "2026", alive: true };
const leave = (text: object = foreign): Promise<void> => writeFile(path, JSON.stringify(text));

test("a lock is touched while its process is busy, and no longer when it was given back", async () => {
  const lock = await lockFolder(folder, "test", "training");
  const first = (await stat(path)).mtimeMs;
  // The event loop stands still for longer than it takes.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 6000);
  expect((await stat(path)).mtimeMs).toBeGreaterThan(first);
  await lock.release();
  expect(await folderHolder(folder, "training")).toBeUndefined();
});

test("one of another machine that is touched is held, one that is not for a minute is taken over", async () => {
  await leave();
  const clock = vi.spyOn(performance, "now").mockReturnValue(1000);
  try {
    expect(await tryLockFolder(folder, "test", "training")).toMatchObject({
      state: "unsure",
      holder: { host: "node7" },
    });
    clock.mockReturnValue(60_900);
    expect(await folderHolder(folder, "training")).toMatchObject({ state: "unsure" });
    await leave();
    expect(await tryLockFolder(folder, "test", "training")).toMatchObject({ state: "held" });
    clock.mockReturnValue(120_000);
    expect(await tryLockFolder(folder, "test", "training")).toMatchObject({ state: "unsure" });
    clock.mockReturnValue(121_000);
    const lock = await lockFolder(folder, "test", "training");
    expect(JSON.parse(await readFile(path, "utf8")).alive).toBe(true);
    await lock.release();
  } finally {
    clock.mockRestore();
  }
});

test("waiting for one that lives ends with a refusal that names it", async () => {
  await leave();
  const touching = setInterval(() => void leave(), 100);
  const refused = `test: ${folder} is in use by another training: process 7 on node7, since 2026. Wait for its end, or choose another folder, or, if that training has ended, delete ${path}.`;
  await expect(lockFolder(folder, "test", "training").finally(() => clearInterval(touching))).rejects.toMatchObject({
    code: "in-use",
    message: refused,
  });
});

test("waiting is said once, and a signal ends it", async () => {
  await leave();
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const stopping = new AbortController();
  const reason = new Error("enough");
  try {
    const waiting = lockFolder(folder, "test", "training", stopping.signal);
    await vi.waitFor(() => expect(said).toHaveBeenCalled());
    stopping.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(said.mock.calls).toEqual([
      [
        `test: ${folder} may be in use by another training: process 7 on node7. Its lock is watched for up to 60 s, and taken over if nobody touches it.`,
      ],
    ]);
  } finally {
    said.mockRestore();
  }
});

test("one that says nothing of touching is never taken over", async () => {
  await leave({ ...foreign, alive: undefined });
  const clock = vi.spyOn(performance, "now").mockReturnValue(1000);
  try {
    expect(await tryLockFolder(folder, "test", "training")).toMatchObject({ state: "held" });
    clock.mockReturnValue(1e9);
    expect(await tryLockFolder(folder, "test", "training")).toMatchObject({ state: "held" });
  } finally {
    clock.mockRestore();
  }
});
