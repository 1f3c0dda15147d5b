// A pool that is stopped, or killed itself, leaves no process behind: each saves its checkpoint and ends. A trial that kills or ends its process stops no other.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { collect, runPool } from "./index.ts";

test.each([
  ["SIGINT", [130, null]],
  ["SIGKILL", [null, "SIGKILL"]],
] as const)("by %s", async (name, how) => {
  const root = await mkdtemp(join(tmpdir(), "hooke-pool-"));
  const folder = join(root, "sweep");
  const fixture = fileURLToPath(new URL("pool.fixture.ts", import.meta.url));
  const child = spawn(process.execPath, [fixture, folder], {
    env: { ...process.env, HOOKE_EPOCH_MILLISECONDS: "200" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const at = (index: number, file: string): string => join(folder, "trials", `000${index}`, file);
  while (![0, 1].every((index) => existsSync(at(index, "checkpoint.safetensors")))) await pause(50);
  const workers = [0, 1].map((index) => JSON.parse(readFileSync(at(index, "trial.lock"), "utf8")).pid as number);
  child.kill(name);
  // The error output closes when the last process has ended.
  expect(await once(child, "close")).toEqual(how);
  expect(workers).toHaveLength(2);
  expect(globSync(join(folder, "trials", "*", "*.lock"))).toEqual([]);
  expect(said.split("\n").filter((line) => line.includes("Error"))).toEqual([]);
  const { finished, missing } = await collect(folder);
  expect(finished).toEqual([]);
  expect(missing.map(({ why }) => why)).toEqual(["interrupted", "interrupted", ...Array(6).fill("not begun")]);
  await rm(root, { recursive: true });
});

test("trials that take their process with them are tried last, and named", async () => {
  const root = await mkdtemp(join(tmpdir(), "hooke-pool-"));
  const program = fileURLToPath(new URL("deadly.fixture.ts", import.meta.url));
  const { finished, missing } = await runPool(join(root, "sweep"), program, { processes: 1 });
  expect(finished.map(({ index, attempts }) => [index, attempts])).toEqual([
    [1, 1],
    [3, 1],
    [4, 1],
  ]);
  expect(missing.map(({ index, why }) => [index, why])).toEqual([
    [0, "interrupted"],
    [2, "interrupted"],
  ]);
  await rm(root, { recursive: true });
});
