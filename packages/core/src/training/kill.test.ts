// Killed at any moment, a training goes on from its checkpoint as if nothing had happened.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { foldHost, randomKey } from "@hooke/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeCheckpoint } from "../checkpoint/checkpoint.ts";
import { train } from "./train.ts";
import { bits, options, richModel } from "./training.fixture.ts";

const trainings = process.env.HOOKE_TESTS === "full" ? 20 : 10;
const epochs = 80;
const steps = epochs * 3;
const child = fileURLToPath(new URL("./kill.fixture.ts", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooke-kill-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts a training and kills it some time after its first update. */
function trainAndKill(path: string, delay: number): Promise<NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    const training = spawn(process.execPath, [child, path, String(epochs)], { stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    training.stderr.on("data", (text) => {
      errors += text;
    });
    training.stdout.once("data", () => setTimeout(() => training.kill("SIGKILL"), delay));
    training.on("error", reject);
    training.on("close", (code, signal) => {
      if (code !== null && code !== 0) reject(new Error(`the training exited with ${code}: ${errors}`));
      else resolve(signal);
    });
  });
}

async function finish(resume?: Uint8Array): Promise<unknown> {
  const given = options({ model: richModel(), epochs, ...(resume && { resume }) });
  for await (const event of train(given)) {
    if (event.type === "end") return { variables: bits(await event.variables()), history: event.history };
  }
  return undefined;
}

test(`${trainings} trainings killed at random moments end with the bits of the uninterrupted one`, async () => {
  const expected = await finish();
  const stops: number[] = [];
  const one = async (index: number): Promise<void> => {
    const path = join(folder, String(index), "checkpoint.safetensors");
    const random = foldHost(randomKey(2), index).data[0]! / 2 ** 32;
    await trainAndKill(path, 300 * random);
    // A training killed before its first checkpoint starts anew.
    const bytes = await readFile(path).catch(() => undefined);
    stops.push(bytes ? decodeCheckpoint(bytes, { layer: richModel() }).training.step : 0);
    expect(await finish(bytes)).toEqual(expected);
  };
  const indices = Array.from({ length: trainings }, (_, i) => i).values();
  const worker = async (): Promise<void> => {
    for (const index of indices) await one(index);
  };
  await Promise.all([worker(), worker()]);
  expect(stops).toHaveLength(trainings);
  // The delays must hit trainings at work, at moments that differ.
  const interrupted = stops.filter((step) => step < steps);
  expect(interrupted.length).toBeGreaterThan(trainings / 2);
  expect(new Set(interrupted).size).toBeGreaterThan(trainings / 4);
}, 240_000);
