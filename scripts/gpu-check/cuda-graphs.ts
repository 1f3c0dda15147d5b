// Steps of the benchmark in CUDA, as graphs of the planned kernels: compiled where nvcc is, run where a GPU is, beside what WebAssembly gives.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wasmBackend } from "@hooke/backend-wasm";
import type { HostArray } from "@hooke/runtime";
import { hookeTasks } from "../../benchmarks/peers/hooke-tasks.ts";
import { type Known, recorded } from "../../packages/kernels/src/cuda/recorded.fixture.ts";
import { compileFor, gpu, type Together, together } from "../../packages/kernels/src/cuda/running.fixture.ts";

/** Where nothing but what was rounded is a gradient, Adam makes a whole step of it, of 1e-3, in either direction. */
const mostError = 3e-3;

const tasks = ["step", "cnn", "lstm", "transformer", "burgers"];

/** The last program that a task runs: its step. */
async function stepOf(
  task: string,
): Promise<{ readonly known: Known; readonly step: Together; readonly file: string }> {
  const runs = await recorded(task, wasmBackend({ threads: 1 }), async (backend) => {
    const { run } = await hookeTasks(backend, async () => backend)[task]!();
    await run(1);
  });
  const known = runs.at(-1)!;
  const step = together([known]);
  const name = createHash("sha256").update(step.sources.join("\n")).digest("hex").slice(0, 16);
  return { known, step, file: `${task}-${name}` };
}

/** Compiles all steps into a folder; what it says, if that cannot be. */
export async function packGraphs(folder: string): Promise<string> {
  if (gpu.lacks === "no nvcc") return "there is no nvcc here: CUDA graphs are left out";
  mkdirSync(folder, { recursive: true });
  for (const task of tasks) {
    const { step, file } = await stepOf(task);
    const work = mkdtempSync(join(tmpdir(), "hooke-graphs-"));
    compileFor(gpu, step.sources, work);
    copyFileSync(join(work, "kernels"), join(folder, file));
    rmSync(work, { recursive: true });
  }
  return `${tasks.length} CUDA graphs`;
}

/** Runs all steps on the GPU: milliseconds, launches, and what is wrong. */
export async function checkGraphs(folder: string): Promise<{ readonly text: string; readonly wrong: number }> {
  const lines: string[] = [];
  let wrong = 0;
  for (const task of tasks) {
    const { known, step, file } = await stepOf(task);
    const program = join(folder, file);
    if (!existsSync(program)) {
      lines.push(`${task}: not packed for these sources; run node scripts/gpu-check/pack.ts where nvcc is`);
      continue;
    }
    const { status, stdout, stderr } = spawnSync(program, { input: step.input, maxBuffer: 2 ** 30 });
    if (status !== 0) {
      wrong++;
      lines.push(`${task}: failed: ${stderr}`);
      continue;
    }
    const { buffer, byteOffset, length } = stdout;
    const results = step.resultsIn(buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer)[0]!;
    const error = Math.max(...known.expected.map((truth, i) => errorOf(results[i]!, truth)));
    if (!(error < mostError)) wrong++;
    lines.push(`${task}: ${step.launches} launches, ${stderr} ms, off by ${error.toPrecision(2)}`);
  }
  return { text: lines.join("\n"), wrong };
}

/** The largest difference, beside the largest element, or 1. */
function errorOf({ data }: HostArray, { data: truth }: HostArray): number {
  let [error, largest] = [0, 1];
  for (let i = 0; i < truth.length; i++) {
    error = Math.max(error, Math.abs(data[i]! - truth[i]!));
    largest = Math.max(largest, Math.abs(truth[i]!));
  }
  return error / largest;
}
