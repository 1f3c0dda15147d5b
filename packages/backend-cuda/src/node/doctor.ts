// `hooke-cuda doctor`: what the backend needs, what is there, and the command that cures what is not.
import { arch, platform } from "node:os";
import { driverCure, findDriver } from "./gpu.ts";
import { findInstallation, type Installation } from "./installation.ts";
import { probe } from "./probe.ts";
import type { Run } from "./run.ts";
import { compilerCure } from "./setup.ts";
import { setupCure, type TensorFlow, tensorflowCure } from "./tensorflow.ts";

/** One line of the report. */
export interface Finding {
  readonly name: string;
  /** `"unneeded"` is what is missing, but does not matter where the processor is accepted. */
  readonly state: "ok" | "missing" | "unneeded";
  readonly found: string;
  /** What to do where it is missing. */
  readonly cure?: string;
}

/** What {@link examine} found. */
export interface Report {
  readonly findings: readonly Finding[];
  /** Whether `cudaBackend()` starts. */
  readonly usable: boolean;
}

/** What {@link examine} looks at. */
export interface Surroundings {
  readonly run: Run;
  readonly folder: string;
  readonly compiler: string;
  /** Finds the TensorFlow that setup would build against. */
  readonly findTensorflow: () => Promise<TensorFlow>;
  readonly acceptCpu: boolean;
  /** Node's version, e.g. `"24.21.0"`. */
  readonly node: string;
}

/** Examines the machine. Nothing is changed. */
export async function examine(surroundings: Surroundings): Promise<Report> {
  const { run, folder, compiler, acceptCpu, node } = surroundings;
  const installation = findInstallation(folder);
  const tensorflow = installation?.tensorflow ?? (await surroundings.findTensorflow().catch((error: Error) => error));
  const binding = await examineBinding(run, installation, acceptCpu, tensorflow);
  const findings: Finding[] = [
    {
      name: "Node",
      state: Number.parseInt(node, 10) >= 22 && platform() === "linux" ? "ok" : "missing",
      found: `${node} on ${platform()} ${arch()}`,
      cure: "Use Node 22 or newer on Linux (on Windows: inside WSL 2, where TensorFlow has its CUDA support too).",
    },
    ...(await examineDriver(run, acceptCpu)),
    ...examineTensorflow(tensorflow, installation, acceptCpu),
    ...(installation ? [] : [await examineCompiler(run, compiler), await examineNpm(run)]),
    binding,
  ];
  const matters = ["Node", "driver", "binding"];
  return { findings, usable: findings.every(({ name, state }) => state !== "missing" || !matters.includes(name)) };
}

type Built = Pick<TensorFlow, "folder" | "kind" | "version" | "cuda" | "cudnn">;

const lacking = (acceptCpu: boolean) => (acceptCpu ? "unneeded" : "missing");

async function examineDriver(run: Run, acceptCpu: boolean): Promise<Finding[]> {
  const driver = await findDriver(run);
  if ("problem" in driver) {
    const state = lacking(acceptCpu);
    return [
      { name: "driver", state, found: driver.problem, cure: driverCure },
      { name: "GPU", state, found: "none", cure: driverCure },
    ];
  }
  const gpus = driver.gpus.map((gpu) => `${gpu.name}, ${gpu.memory} MiB, compute capability ${gpu.computeCapability}`);
  return [
    { name: "driver", state: "ok", found: `${driver.version}, for CUDA up to ${driver.cuda ?? "an unknown version"}` },
    { name: "GPU", state: "ok", found: gpus.join("; ") },
  ];
}

function examineTensorflow(
  tensorflow: Built | Error,
  installation: Installation | undefined,
  acceptCpu: boolean,
): Finding[] {
  if (tensorflow instanceof Error) {
    // A published tfjs-node brings its own TensorFlow.
    if (installation) return [{ name: "TensorFlow", state: "ok", found: `the one of ${installation.source}` }];
    const found = tensorflow.message.replace(/^hooke-cuda: /, "");
    const late = { state: lacking(acceptCpu), found: "comes with TensorFlow", cure: tensorflowCure } as const;
    return [
      { name: "TensorFlow", state: "missing", found, cure: tensorflowCure },
      { name: "CUDA", ...late },
      { name: "cuDNN", ...late },
    ];
  }
  const { version, kind, folder, cuda, cudnn } = tensorflow;
  const builtFor = (name: string, libraryVersion: string | undefined): Finding =>
    cuda === null
      ? { name, state: lacking(acceptCpu), found: "this TensorFlow was built without", cure: tensorflowCure }
      : { name, state: "ok", found: libraryVersion ? `TensorFlow was built for ${libraryVersion}` : "not stated" };
  return [
    { name: "TensorFlow", state: "ok", found: `${version}, ${kind}, ${folder}` },
    builtFor("CUDA", cuda ?? undefined),
    builtFor("cuDNN", cudnn),
  ];
}

async function examineCompiler(run: Run, compiler: string): Promise<Finding> {
  const { code, stdout } = await run(compiler, ["--version"]);
  if (code !== 0) return { name: "compiler", state: "missing", found: `"${compiler}" not found`, cure: compilerCure };
  return { name: "compiler", state: "ok", found: stdout.split("\n")[0]! };
}

async function examineNpm(run: Run): Promise<Finding> {
  const { code, stdout } = await run("npm", ["--version"]);
  if (code === 0) return { name: "npm", state: "ok", found: stdout.trim() };
  return { name: "npm", state: "missing", found: "not found", cure: "Install the npm that comes with Node." };
}

async function examineBinding(
  run: Run,
  installation: Installation | undefined,
  acceptCpu: boolean,
  tensorflow: Built | Error,
): Promise<Finding> {
  const name = "binding";
  const another = tensorflow instanceof Error || (tensorflow.cuda === null && !acceptCpu);
  const cure = another ? setupCure : "npx hooke-cuda setup";
  if (!installation) return { name, state: "missing", found: "not built", cure };
  const result = await probe(run, installation.binding);
  const where = `${installation.source}, ${installation.binding}`;
  if (!result.works) return { name, state: "missing", found: `fails (${where}): ${result.problem}`, cure };
  const device = result.gpu ? "on the GPU" : "which finds no GPU";
  const found = `starts TensorFlow ${result.tensorflow}, ${device} (${where})`;
  return { name, state: result.gpu || acceptCpu ? "ok" : "missing", found, cure };
}

/** The report as text. */
export function format({ findings, usable }: Report): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(({ name, state, found }) => `${state.padEnd(8)}  ${name.padEnd(width)}  ${found}`);
  const cures = [...new Set(findings.filter(({ state }) => state === "missing").map(({ cure }) => cure))];
  const next = usable
    ? ["The backend cuda is usable."]
    : [
        "The backend cuda is not usable yet. What to do, in this order:",
        ...cures.map((cure, i) => `${i + 1}. ${cure}`),
      ];
  return [...lines, "", ...next].join("\n");
}
