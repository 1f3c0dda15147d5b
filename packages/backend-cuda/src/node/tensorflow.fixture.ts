// A binding for the tests: the one that is set up, else one built against the TensorFlow of HOOKE_TENSORFLOW_PYTHON.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { findAvailability } from "./backend.ts";
import { setupFolder, setupPaths } from "./installation.ts";
import { runIn } from "./run.ts";
import { setup } from "./setup.ts";
import { fromPython } from "./tensorflow.ts";

export type Binding = { readonly folder: string; readonly device: string } | { readonly reason: string };

const run = runIn(process.env);

/** The folder of a binding that starts, on a GPU or the processor, or why there is none. */
export async function findBinding(): Promise<Binding> {
  const ready = setupFolder(process.env);
  const python = process.env.HOOKE_TENSORFLOW_PYTHON;
  if (existsSync(setupPaths(ready).record)) return check(ready);
  if (!python) return { reason: "no TensorFlow: run hooke-cuda setup, or set HOOKE_TENSORFLOW_PYTHON" };
  if ((await run(process.env.CXX || "c++", ["--version"])).code !== 0) return { reason: "no C++ compiler" };
  const folder = await mkdtemp(join(tmpdir(), "hooke-cuda-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const tensorflow = await fromPython(run, python);
  await setup({ run, tensorflow, folder, compiler: process.env.CXX || "c++", log: console.log });
  return check(folder);
}

async function check(folder: string): Promise<Binding> {
  const found = await findAvailability(run, { folder, acceptCpu: true });
  return found.available ? { folder, device: found.device } : { reason: found.reason };
}
