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
  const [driver, nvrtc] = ["driver", "compiler"].map((name) => {
    const source = join(import.meta.dirname, `stand-in/${name}.cpp`);
    const hash = createHash("sha256").update(compiler.join(" ")).update(readFileSync(source));
    const folder = join(root, ".cache/cuda-stand-in", hash.digest("hex").slice(0, 16));
    const library = join(folder, `${name}.so`);
    if (existsSync(library)) return library;
    mkdirSync(folder, { recursive: true });
    const unfinished = `${library}.${process.pid}`;
    execFileSync("g++", [...compiler, "-I", dirname(header!), source, "-o", unfinished, "-pthread", "-ldl"]);
    renameSync(unfinished, library);
    return library;
  }) as [string, string];
  return { driver, nvrtc };
}

/** What a test has the stand-in do. */
export interface StandIn {
  readonly found: Found;
  /** The library that stands in for libcuda. */
  readonly library: string;
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
  const handle: LibraryHandle = koffi.load(driver);
  return {
    found,
    library: driver,
    kernels: join(dirname(nvrtc), "kernels"),
    fail: handle.func("standInFail", "void", ["int"]),
    refuse: handle.func("standInRefuse", "void", ["int"]),
    limit: handle.func("standInLimit", "void", ["size_t"]),
  };
}
