// What a GPU is checked for: conformance, a training, speeds and benchmarks, on WebGPU and on CUDA (through TensorFlow and through the driver), each where it can be had. Started by run.sh.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cudaBackend, cudaFactory } from "@hooke/backend-cuda";
import { webgpu, webgpuBackend } from "@hooke/backend-webgpu";
import type { Backend, Speed } from "@hooke/runtime";
import { layerAgreementChecks } from "@hooke/testkit/layers";
import { conformanceChecks, knownDifferences, runChecks } from "@hooke/testkit/suite";
import { offerSwiftshader } from "@hooke/testkit/swiftshader";
import { checkGraphs } from "./cuda-graphs.ts";
import { speedOf } from "./speeds.ts";

const root = join(import.meta.dirname, "../..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, only: { type: "string" } },
});
const folder = positionals[0] ?? join(root, ".cache/gpu-check/results");
mkdirSync(folder, { recursive: true });
const lines: string[] = [];
/** Says it, and writes all that was said so far: a run that is cut short leaves what it found. */
function say(text: string): void {
  console.log(text);
  lines.push(text);
  writeFileSync(join(folder, "report.md"), `${lines.join("\n")}\n`);
}

/** What a program prints, what it complains of where it fails. */
const outputOf = (program: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const [printed, complaints]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (part: Buffer) => printed.push(part));
    child.stderr.on("data", (part: Buffer) => complaints.push(part));
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code) => {
      const parts = code === 0 ? printed : [...printed, ...complaints];
      resolve(Buffer.concat(parts).toString().trim());
    });
  });
const inNode = (file: string, ...args: readonly string[]): Promise<string> =>
  outputOf(process.execPath, [file, ...args]);
const bench = (backend: string): Promise<string> =>
  inNode("benchmarks/main.ts", "--backend", backend, ...(values.quick ? ["--quick"] : []));

async function conformanceOf(backend: Backend, known: Parameters<typeof runChecks>[1]): Promise<string> {
  const results = await runChecks(backend, known, [...conformanceChecks(), ...layerAgreementChecks()]);
  const problems = results.flatMap(({ problems: found }) => found);
  const ran = results.reduce((sum, result) => sum + result.ran, 0);
  const skipped = results.reduce((sum, result) => sum + result.skipped.length, 0);
  if (problems.length > 0) process.exitCode = 1;
  return [
    `${ran} ran, ${skipped} skipped, ${problems.length} wrong`,
    ...problems.map((problem) => `- ${problem}`),
  ].join("\n");
}

/** Losses of a training on a backend, and its seconds. */
async function trainingOn(backend: string): Promise<string> {
  const text = await inNode("packages/backend-webgpu/src/train.fixture.ts", backend);
  try {
    const { history, seconds } = JSON.parse(text) as { history: readonly { loss: number }[]; seconds: number };
    return `${backend}: ${history.map(({ loss }) => loss.toPrecision(6)).join(" ")} (${seconds.toFixed(1)} s)`;
  } catch {
    return `${backend}: ${text}`;
  }
}

/** The three numbers, and what the stated ones promise of programs beside what these take. */
const speedsOf = async (
  backend: Backend,
  launches: Speed["launches"],
  scale: number,
  name = backend.name,
): Promise<string> => {
  const { launch, gigaflops, gigabytes } = await speedOf(backend, launches, scale);
  const speeds = `launch of one of the ${launches} ${launch.toPrecision(3)} us, ${gigaflops.toPrecision(3)} GFLOP/s, ${gigabytes.toPrecision(3)} GB/s`;
  return `${speeds}\n\n${await inNode("benchmarks/choice.ts", name)}`;
};

offerSwiftshader();
const status = await webgpu.backends.webgpu.available();
const isEmulated = status.available && /swiftshader|llvmpipe/i.test(status.device);
const cuda = await cudaFactory().available();
const driver = await cudaFactory({ engine: "driver" }).available();
const hasNvidia = spawnSync("nvidia-smi", ["-L"]).status === 0;
const nameOf = (found: typeof status): string =>
  found.available ? found.device : `not to be had: ${found.reason}. ${found.cure}`;
const onWebgpu = (act: () => Promise<string>) => (status.available ? act : undefined);
const onCuda = (act: () => Promise<string>) => (cuda.available ? act : undefined);
const onDriver = (act: () => Promise<string>) => (driver.available ? act : undefined);
const startDriver = () => cudaBackend({ engine: "driver" });

/** Each is done by itself: one that fails is told of, and the next one begins. */
const parts: Readonly<Record<string, (() => Promise<string>) | undefined>> = {
  "webgpu training": onWebgpu(async () => `${await trainingOn("wasm")}\n${await trainingOn("webgpu")}`),
  "webgpu speeds": onWebgpu(async () => speedsOf(await webgpuBackend(), "kernels", isEmulated ? 1 / 16 : 1)),
  "webgpu benchmark": onWebgpu(() => bench("webgpu")),
  "webgpu conformance": onWebgpu(async () => conformanceOf(await webgpuBackend(), knownDifferences.webgpu)),
  "graphs in CUDA": hasNvidia
    ? async () => {
        const { text, wrong } = await checkGraphs(join(root, ".cache/gpu-check/graphs"));
        if (wrong > 0) process.exitCode = 1;
        return text;
      }
    : undefined,
  "driver conformance": onDriver(async () => conformanceOf(await startDriver(), {})),
  "driver speeds": onDriver(async () => speedsOf(await startDriver(), "kernels", 1, "cuda-driver")),
  "driver benchmark": onDriver(() => bench("cuda-driver")),
  "driver behind a lost context": onDriver(() => inNode("scripts/gpu-check/lost-context.ts")),
  "cuda speeds": onCuda(async () => speedsOf(await cudaBackend(), "primitives", 1)),
  "cuda benchmark": onCuda(() => bench("cuda")),
  "cuda conformance": onCuda(async () => conformanceOf(await cudaBackend(), knownDifferences.tensorflow)),
};

say(`# GPU check, ${new Date().toISOString().slice(0, 16)}, Node ${process.versions.node}\n`);
say(`WebGPU: ${nameOf(status)}`);
say(`CUDA through TensorFlow: ${nameOf(cuda)}`);
say(`CUDA through the driver: ${nameOf(driver)}`);
try {
  say(
    execFileSync("nvidia-smi", ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"], {
      encoding: "utf8",
    }),
  );
} catch {
  say("nvidia-smi is not there.\n");
}
for (const [name, act] of Object.entries(parts)) {
  if (act === undefined || (values.only !== undefined && !name.includes(values.only))) continue;
  const start = performance.now();
  const text = await act().catch((error: Error) => {
    process.exitCode = 1;
    return `failed: ${error.stack ?? error}`;
  });
  say(`## ${name} (${((performance.now() - start) / 1000).toFixed(0)} s)\n\n${text}\n`);
}
// A GPU does not let the process end by itself.
process.exit();
