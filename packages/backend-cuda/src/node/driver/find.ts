// What the engine needs, and what of it is missing here.
import { driverCure } from "../cures.ts";
import { type Compiler, compilerCure, findCompilers, targetFor } from "./compiler.ts";
import { type Driver, type Gpu, openDriver, versionText } from "./driver.ts";
import { findKoffi } from "./library.ts";

/** Where to look. */
export interface Places {
  /** The driver's library: a path, or a name that the system's loader knows. */
  readonly driver: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Folders of Python's packages, where pip has put NVRTC. */
  readonly packages: readonly string[];
}

/** All that the engine needs. */
export interface Found {
  readonly driver: Driver;
  readonly gpu: Gpu;
  readonly compiler: Compiler;
}

/** What is missing, and what to do. */
export interface Lack {
  readonly what: "koffi" | "driver" | "GPU" | "NVRTC";
  readonly reason: string;
  readonly cure: string;
}

/** Finds all that the engine needs, or the first that is missing. */
export async function findAll({ driver: path, environment, packages }: Places): Promise<Found | Lack> {
  const koffi = await findKoffi();
  if (koffi === undefined) {
    const reason = 'the package "koffi" is not installed, which calls the driver';
    return { what: "koffi", reason, cure: "npm install koffi@3.3.4" };
  }
  const driver = openDriver(koffi, path);
  if ("problem" in driver) return { what: "driver", reason: driver.problem, cure: driverCure };
  const [gpu] = driver.gpus;
  if (!gpu.mapsMemory) {
    const reason = `${gpu.name} cannot put memory where it is wanted (no virtual memory management)`;
    return { what: "GPU", reason, cure: 'Choose the engine "tensorflow", or the backend webgpu.' };
  }
  const newer: string[] = [];
  for (const compiler of findCompilers(koffi, environment, packages)) {
    // Within a generation of CUDA a driver runs what a newer compiler made.
    const isNewer = Math.floor(compiler.version / 1000) > Math.floor(driver.version / 1000);
    if (!isNewer && targetFor(compiler, gpu.capability) !== undefined) return { driver, gpu, compiler };
    newer.push(`${compiler.path} is of CUDA ${versionText(compiler.version)}`);
  }
  const needed = `the driver is for CUDA ${versionText(driver.version)}, ${gpu.name} has compute capability ${gpu.capability / 10}`;
  const { HOOKE_NVRTC: given } = environment;
  const none = given
    ? `HOOKE_NVRTC is ${given}, which cannot be opened`
    : "NVRTC, which compiles kernels, is not found";
  const reason = newer.length === 0 ? none : `no NVRTC here compiles for this GPU: ${newer.join(", ")}; ${needed}`;
  return { what: "NVRTC", reason, cure: compilerCure(driver.version) };
}
