// NVIDIA's compilers, where a machine has them: they need no GPU. NVRTC is a library, which a small program in C opens.
import { execFileSync, spawnSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { options } from "./cuda.ts";

const folders = [process.env.CUDA_PATH ?? process.env.CUDA_HOME, "/usr/local/cuda", "/usr/local/cuda-*"].filter(
  (folder) => folder !== undefined,
);
const find = (path: string): string | undefined => folders.flatMap((folder) => globSync(join(folder, path))).at(-1);

/** Where nvcc is, if anywhere. */
export const nvcc: string | undefined = find("bin/nvcc");
const nvrtc = spawnSync("cc", ["--version"]).status === 0 ? find("lib*/libnvrtc.so*") : undefined;

/** What each compiler says of a text: nothing, if it takes it. Undefined where it is not there. */
export const compilers: Readonly<Record<"NVRTC" | "nvcc", ((text: string) => string) | undefined>> = {
  nvcc: nvcc === undefined ? undefined : (text) => inFolder((folder) => byNvcc(nvcc, folder, text)),
  NVRTC: nvrtc === undefined ? undefined : (text) => inFolder((folder) => byNvrtc(nvrtc, folder, text)),
};

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "hooke-cuda-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As code for a GPU, not only as PTX; with what a processor does, if anything. */
function byNvcc(nvcc: string, folder: string, text: string): string {
  writeFileSync(join(folder, "kernels.cu"), text);
  const { status, stderr } = spawnSync(nvcc, [...options, "-c", "-arch=sm_80", "kernels.cu"], { cwd: folder });
  return status === 0 ? "" : String(stderr);
}

const opener = `
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
typedef void* Program;
int main(int count, const char** arguments) {
  void* library = dlopen(arguments[1], RTLD_NOW);
  if (!library) return fprintf(stderr, "%s", dlerror()), 2;
  int (*create)(Program*, const char*, const char*, int, const char**, const char**) = dlsym(library, "nvrtcCreateProgram");
  int (*compile)(Program, int, const char**) = dlsym(library, "nvrtcCompileProgram");
  int (*logSize)(Program, size_t*) = dlsym(library, "nvrtcGetProgramLogSize");
  int (*logOf)(Program, char*) = dlsym(library, "nvrtcGetProgramLog");
  char* text = calloc(1, 1 << 26);
  if (fread(text, 1, (1 << 26) - 1, stdin) == 0) return 3;
  Program program;
  if (create(&program, text, "kernels.cu", 0, 0, 0)) return 4;
  int failed = compile(program, count - 2, arguments + 2);
  size_t size;
  logSize(program, &size);
  logOf(program, text = malloc(size + 1));
  fprintf(stderr, "%s", text);
  return failed != 0;
}
`;

function byNvrtc(library: string, folder: string, text: string): string {
  writeFileSync(join(folder, "opener.c"), opener);
  execFileSync("cc", ["-w", "opener.c", "-o", "opener", "-ldl"], { cwd: folder });
  const { status, stderr } = spawnSync(join(folder, "opener"), [library, ...options, "--gpu-architecture=sm_80"], {
    input: text,
    // Where its own parts are.
    env: { ...process.env, LD_LIBRARY_PATH: [dirname(library), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":") },
  });
  return status === 0 ? "" : `status ${status}: ${stderr}`;
}
