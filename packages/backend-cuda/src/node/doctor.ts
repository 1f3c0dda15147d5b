// `hooke-cuda doctor`: what the backend needs, what is there, and the command that cures what is not.
import { arch, platform } from "node:os";
import { compilerCure, curesFor, driverCure, type Given } from "./cures.ts";
import { findDriver } from "./gpu.ts";
import { findInstallation, type Installation } from "./installation.ts";
import { type Linker, ownerOf } from "./libraries.ts";
import { type Probe, probe } from "./probe.ts";
import type { Run } from "./run.ts";
import type { TensorFlow } from "./tensorflow.ts";

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
export interface Surroundings extends Linker {
  readonly folder: string;
  readonly compiler: string;
  /** Finds the TensorFlow that setup would build against. */
  readonly findTensorflow: () => Promise<TensorFlow>;
  /** Node's version, e.g. `"24.21.0"`. */
  readonly node: string;
  readonly given: Given;
}

/** Examines the machine. Nothing is changed. */
export async function examine(surroundings: Surroundings): Promise<Report> {
  const { run, folder, compiler, node, given } = surroundings;
  const installation = findInstallation(folder);
  const tensorflow = installation?.tensorflow ?? (await surroundings.findTensorflow().catch((error: Error) => error));
  const probed = installation && (await probe(run, installation.binding));
  const seesGpu = probed?.works === true && probed.gpu;
  const libraries = await examineTensorflow(surroundings, tensorflow, installation, seesGpu);
  const findings: Finding[] = [
    {
      name: "Node",
      state: Number.parseInt(node, 10) >= 22 && platform() === "linux" ? "ok" : "missing",
      found: `${node} on ${platform()} ${arch()}`,
      cure: "Use Node 22 or newer on Linux (on Windows: inside WSL 2, where TensorFlow has its CUDA support too).",
    },
    ...(await examineDriver(surroundings, tensorflow, seesGpu)),
    ...libraries,
    ...(installation ? [] : [await examineCompiler(run, compiler), await examineNpm(run)]),
    ...examineBinding(installation, probed, given, libraries),
  ];
  const matters = ["Node", "driver", "binding", "device"];
  return { findings, usable: findings.every(({ name, state }) => state !== "missing" || !matters.includes(name)) };
}

type Built = Pick<TensorFlow, "folder" | "kind" | "version" | "cuda" | "cudnn">;

const lacking = ({ cpu }: Given) => (cpu ? "unneeded" : "missing");

async function examineDriver(
  { run, given }: Surroundings,
  tensorflow: Built | Error,
  seesGpu: boolean,
): Promise<Finding[]> {
  const driver = await findDriver(run);
  const state = lacking(given);
  if ("problem" in driver) {
    return [
      { name: "driver", state, found: driver.problem, cure: driverCure },
      { name: "GPU", state, found: "none", cure: driverCure },
    ];
  }
  const gpus = driver.gpus.map((gpu) => `${gpu.name}, ${gpu.memory} MiB, compute capability ${gpu.computeCapability}`);
  const found = `${driver.version}, for CUDA up to ${driver.cuda ?? "an unknown version"}`;
  const wanted = tensorflow instanceof Error ? undefined : tensorflow.cuda;
  // A driver may run a newer CUDA of its generation, or may not: it is to blame only where TensorFlow finds no GPU.
  const tooOld = !seesGpu && wanted != null && driver.cuda !== undefined && isOlder(driver.cuda, wanted);
  return [
    tooOld
      ? {
          name: "driver",
          state,
          found: `${found}; TensorFlow was built for ${wanted}`,
          cure: `Update NVIDIA's driver to one for CUDA ${wanted} or newer (nvidia-smi prints which it is for), and restart.`,
        }
      : { name: "driver", state: "ok", found },
    { name: "GPU", state: "ok", found: gpus.join("; ") },
  ];
}

function isOlder(version: string, than: string): boolean {
  const [[major = 0, minor = 0], [wantedMajor = 0, wantedMinor = 0]] = [version, than].map((text) =>
    text.split(".").map(Number),
  ) as [number[], number[]];
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

async function examineTensorflow(
  { given, ...linker }: Surroundings,
  tensorflow: Built | Error,
  installation: Installation | undefined,
  seesGpu: boolean,
): Promise<Finding[]> {
  const state = lacking(given);
  const cure = curesFor(given).tensorflow;
  if (tensorflow instanceof Error) {
    // A published tfjs-node brings its own TensorFlow.
    if (installation) return [{ name: "TensorFlow", state: "ok", found: `the one of ${installation.source}` }];
    const found = tensorflow.message.replace(/^hooke-cuda: /, "");
    const late = { state, found: "comes with TensorFlow", cure } as const;
    return [
      { name: "TensorFlow", state: "missing", found, cure },
      { name: "CUDA", ...late },
      { name: "cuDNN", ...late },
    ];
  }
  const { version, kind, folder, cuda, cudnn } = tensorflow;
  const examineLibrary = async (name: string, file: string, wanted: string | undefined): Promise<Finding> => {
    if (cuda === null) return { name, state, found: "this TensorFlow was built without", cure };
    if (wanted === undefined) return { name, state: "ok", found: "not stated" };
    const built = `TensorFlow was built for ${wanted}`;
    const library = `${file}.so.${Number.parseInt(wanted, 10)}`;
    const owner = await ownerOf(linker, tensorflow, library);
    if (owner !== undefined || seesGpu) {
      return {
        name,
        state: "ok",
        found: owner === undefined ? built : `${built}; its libraries are those of ${owner}`,
      };
    }
    const install = `Install ${name} ${Number.parseInt(wanted, 10)} from NVIDIA where the dynamic linker finds it.`;
    return { name, state, found: `${built}; ${library} is not here`, cure: kind === "pip" ? cure : install };
  };
  return [
    { name: "TensorFlow", state: "ok", found: `${version}, ${kind}, ${folder}` },
    await examineLibrary("CUDA", "libcudart", cuda ?? undefined),
    await examineLibrary("cuDNN", "libcudnn", cudnn),
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

function examineBinding(
  installation: Installation | undefined,
  probed: Probe | undefined,
  given: Given,
  libraries: readonly Finding[],
): Finding[] {
  const name = "binding";
  const { tensorflow, setup, setupAfter } = curesFor(given);
  const missing = libraries.filter(({ state }) => state === "missing");
  // Where TensorFlow itself is to be installed anew, the binding is built against that one.
  const cure = missing.some((finding) => finding.cure === tensorflow) ? setupAfter : setup;
  if (!installation || !probed) return [{ name, state: "missing", found: "not built", cure }];
  const where = `${installation.source}, ${installation.binding}`;
  if (!probed.works) return [{ name, state: "missing", found: `fails (${where}): ${probed.problem}`, cure }];
  const binding: Finding = { name, state: "ok", found: `starts TensorFlow ${probed.tensorflow} (${where})` };
  if (probed.gpu) return [binding, { name: "device", state: "ok", found: "TensorFlow uses the GPU" }];
  const look = `See what TensorFlow misses: TF_CPP_MIN_LOG_LEVEL=0 node -e 'process.dlopen({ exports: {} }, "${installation.binding}")'`;
  const found = "TensorFlow uses the processor; it finds no GPU it can use";
  return [binding, { name: "device", state: lacking(given), found, cure: missing.length === 0 ? look : cure }];
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
