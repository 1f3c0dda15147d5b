// The backend: whether what its engine needs is there, and programs on it.
import { dirname, join } from "node:path";
import { createTfjsBackend, dtypes } from "@hooke/backend-tfjs";
import { type Availability, type BackendFactory, fail } from "@hooke/runtime";
import { type CudaOptions, checkCudaOptions } from "../options.ts";
import type { CudaBackend } from "./cuda-backend.ts";
import { driverCure } from "./cures.ts";
import { versionText } from "./driver/driver.ts";
import type { Found, Lack } from "./driver/find.ts";
import { mostBytes } from "./driver/memory.ts";
import { engineName, startEngine } from "./engine.ts";
import { findDriver } from "./gpu.ts";
import { findInstallation, type Installation, setupFolder } from "./installation.ts";
import { type Probe, probe } from "./probe.ts";
import { type Run, runIn } from "./run.ts";

const doctor = "Run `npx hooke-cuda doctor`: it names what is missing and the command that cures it.";

/**
 * The CUDA backend with options, for a plugin of your own; the plugin `cuda` holds it with the defaults.
 * `available` tries the binding in a process of its own, which takes a second or more.
 */
export function cudaFactory(options: CudaOptions = {}): BackendFactory {
  checkCudaOptions("cudaFactory", options);
  const run = runIn(process.env);
  return {
    name: "cuda",
    available: () => (options.engine === "driver" ? driverAvailability(options) : findAvailability(run, options)),
    create: () => cudaBackend(options),
  };
}

/**
 * Starts an engine in this process and runs programs on the first GPU. It computes in f32; i32, u32 and bool are there, f64
 * is refused. Started twice, both backends share the GPU.
 *
 * @throws on an unknown option, and with reason and cure if what the engine needs is missing, or it finds no GPU
 */
export async function cudaBackend(options: CudaOptions = {}): Promise<CudaBackend> {
  checkCudaOptions("cudaBackend", options);
  if (options.engine === "driver") {
    const [found, { driverBackend }] = await Promise.all([findForDriver(options), import("./driver/backend.ts")]);
    if ("reason" in found) fail("backend cuda", `${found.reason}. ${found.cure}`, "unavailable");
    return driverBackend(found, join(setupFolder(process.env, options.folder), "kernels"));
  }
  const found = await findAvailability(runIn(process.env), options);
  if (!found.available) fail("backend cuda", `${found.reason}. ${found.cure}`, "unavailable");
  const kernelBackend = startEngine(findInstallation(setupFolder(process.env, options.folder))!);
  const capabilities = { precise: true, transposedProducts: true, freshWeights: true };
  const backend = createTfjsBackend({ name: "cuda", engine: engineName, kernelBackend, capabilities });
  // TensorFlow keeps the GPU until the process ends.
  const own = { engine: "tensorflow", deviceName: found.device, close: async () => {} } as const;
  return Object.assign(backend, own);
}

/** What the driver needs, as this machine has it. */
export async function findForDriver({ folder }: CudaOptions): Promise<Found | Lack> {
  const { findAll } = await import("./driver/find.ts");
  const tensorflow = findInstallation(setupFolder(process.env, folder))?.tensorflow;
  return findAll({
    driver: "libcuda.so.1",
    environment: process.env,
    packages: tensorflow === undefined ? [] : [dirname(tensorflow.folder)],
  });
}

async function driverAvailability(options: CudaOptions): Promise<Availability> {
  const found = await findForDriver(options);
  if ("reason" in found) return { available: false, reason: found.reason, cure: found.cure };
  const { gpu, driver } = found;
  return {
    available: true,
    device: `${gpu.name} (CUDA ${versionText(driver.version)})`,
    memory: { bytes: Math.min(gpu.bytes, mostBytes), of: "all arrays together" },
    dtypes,
    // Of a GPU for servers; assumed, not measured.
    speed: { launches: "kernels", launch: 5, gigaflops: 5000, gigabytes: 500 },
  };
}

/** What {@link cudaFactory} answers of TensorFlow, with the machine's programs started by `run`. */
export async function findAvailability(run: Run, { folder, acceptCpu = false }: CudaOptions): Promise<Availability> {
  const driver = await findDriver(run);
  const noDriver = "problem" in driver ? driver.problem : undefined;
  if (noDriver && !acceptCpu) return { available: false, reason: noDriver, cure: driverCure };
  const installation = findInstallation(setupFolder(process.env, folder));
  if (!installation) {
    const cure = "Run `npx hooke-cuda setup` to build it; `npx hooke-cuda doctor` lists what that needs.";
    return { available: false, reason: "TensorFlow's binding for Node is not set up", cure };
  }
  const result = await probeOnce(run, installation);
  if (!result.works) {
    return { available: false, reason: `the binding of ${installation.source} fails: ${result.problem}`, cure: doctor };
  }
  const version = `TensorFlow ${result.tensorflow}`;
  if (result.gpu && "gpus" in driver) {
    const [gpu] = driver.gpus;
    return {
      available: true,
      device: `${gpu.name} (${version})`,
      memory: { bytes: gpu.memory * 2 ** 20, of: "GPU memory" },
      dtypes,
      // Launches as measured on the processor; the rest is of a GPU for servers, assumed, not measured.
      speed: { launches: "primitives", launch: 35, gigaflops: 5000, gigabytes: 500 },
    };
  }
  // TensorFlow on two cores: fitted to training steps of 5 to 20 ms, docs/decisions/0007-choosing-a-backend.md.
  const speed = { launches: "primitives", launch: 35, gigaflops: 80, gigabytes: 12 } as const;
  if (acceptCpu) return { available: true, device: `the processor (${version})`, dtypes, speed };
  return { available: false, reason: `${version} finds no GPU it can use`, cure: doctor };
}

// A binding's answer does not change while the process lives.
const probes: Map<string, Promise<Probe>> = /* @__PURE__ */ new Map();

function probeOnce(run: Run, { binding }: Installation): Promise<Probe> {
  const known = probes.get(binding) ?? probe(run, binding);
  probes.set(binding, known);
  return known;
}
