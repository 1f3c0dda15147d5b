// A processor that stands in for a GPU: libraries with the functions of libcuda and NVRTC, built by g++ against NVIDIA's header. What is tried with it
// is everything but the GPU: calls, structures, memory, graphs, errors; and kernels, which g++ compiles.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LibraryHandle } from "koffi";
import { type Found, findAll } from "./find.ts";
import { findKoffi } from "./library.ts";

const root = join(import.meta.dirname, "../../../../..");
const folders = [process.env.CUDA_PATH, process.env.CUDA_HOME, "/usr/local/cuda", "/usr/local/cuda-*", "/usr"];

/** NVIDIA's header of the driver. */
export const header: string | undefined = folders
  .flatMap((folder) => (folder ? globSync(join(folder, "include/cuda.h")) : []))
  .at(-1);

/** Why there is none here, if so. */
export const lacks: string | undefined =
  spawnSync("g++", ["--version"]).status !== 0
    ? "no g++"
    : header === undefined
      ? "no cuda.h, of NVIDIA's CUDA toolkit"
      : process.platform === "linux"
        ? undefined
        : "not Linux";

const compiler = ["-std=c++20", "-O1", "-shared", "-fPIC", "-Wall", "-Werror"];

/** The libraries, built once for their sources. */
function build(): { readonly driver: string; readonly nvrtc: string } {
  const sources = ["driver", "compiler"].map((name) => join(import.meta.dirname, `stand-in/${name}.cpp`));
  const hash = createHash("sha256").update(compiler.join(" "));
  for (const source of sources) hash.update(readFileSync(source));
  const folder = join(root, ".cache/cuda-stand-in", hash.digest("hex").slice(0, 16));
  const [driver, nvrtc] = [join(folder, "libcuda.so"), join(folder, "libnvrtc.so")];
  for (const [i, library] of [driver, nvrtc].entries()) {
    if (existsSync(library)) continue;
    mkdirSync(folder, { recursive: true });
    const unfinished = `${library}.${process.pid}`;
    execFileSync("g++", [...compiler, "-I", dirname(header!), sources[i]!, "-o", unfinished, "-pthread", "-ldl"]);
    renameSync(unfinished, library);
  }
  return { driver, nvrtc };
}

/** What a test has the stand-in do. */
export interface StandIn {
  readonly found: Found;
  /** Where kernels that were compiled are kept, from one run of the tests to the next. */
  readonly kernels: string;
  /** The next kernel ends in an error. */
  fail(code: number): void;
  /** No context is made, for this error; 0 ends it. */
  refuse(code: number): void;
  /** So much memory is there. */
  limit(bytes: number): void;
}

export async function standIn(): Promise<StandIn> {
  const { driver, nvrtc } = build();
  const found = await findAll({ driver, environment: { HOOKE_NVRTC: nvrtc }, packages: [] });
  if ("reason" in found) throw new Error(found.reason);
  const koffi = (await findKoffi())!;
  const library: LibraryHandle = koffi.load(driver);
  return {
    found,
    kernels: join(dirname(driver), "kernels"),
    fail: library.func("standInFail", "void", ["int"]),
    refuse: library.func("standInRefuse", "void", ["int"]),
    limit: library.func("standInLimit", "void", ["size_t"]),
  };
}
