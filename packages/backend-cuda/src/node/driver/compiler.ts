// NVRTC, which compiles kernels: NVIDIA's library, found where its installers put it. It needs no GPU.
import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { options as languageOptions } from "@hooke/kernels/cuda";
import { fail } from "@hooke/runtime";
import { type Functions, functionsOf, type Koffi } from "./library.ts";
import { compilerSignatures } from "./signatures.ts";

/** An NVRTC that is open. */
export interface Compiler {
  /** As it was found: a name for the system's loader, or a path. */
  readonly path: string;
  /** Of CUDA, e.g. 12040 for 12.4. */
  readonly version: number;
  /** Compute capabilities that it knows, e.g. 90 for 9.0. */
  readonly capabilities: readonly number[];
  readonly functions: Functions<typeof compilerSignatures>;
}

/** What to do where there is none. @param cuda the driver's, e.g. 12040 */
export const compilerCure = (cuda: number): string =>
  `Install NVRTC for CUDA ${Math.floor(cuda / 1000)}: pip install "nvidia-cuda-nvrtc${cuda < 13_000 ? "-cu12" : `==${Math.floor(cuda / 1000)}.*`}" beside the TensorFlow that is set up, ` +
  "or NVIDIA's CUDA toolkit; elsewhere give the path of libnvrtc.so as HOOKE_NVRTC.";

const file = "libnvrtc.so.1[2-9]";

/** Where NVRTC may be: as the loader finds it, in CUDA's folders, and in those of Python's packages. */
function* candidates(environment: NodeJS.ProcessEnv, packages: readonly string[]): Generator<string> {
  if (environment.HOOKE_NVRTC) return yield environment.HOOKE_NVRTC;
  yield* ["libnvrtc.so.13", "libnvrtc.so.12"];
  const roots = [environment.CUDA_PATH, environment.CUDA_HOME, "/usr/local/cuda"].filter((root) => root);
  for (const root of roots)
    yield* globSync(join(root!, "lib*", file))
      .sort()
      .reverse();
  for (const folder of packages)
    yield* globSync(join(folder, "nvidia", "*", "lib", file))
      .sort()
      .reverse();
}

/** The compilers that are here, the one to prefer first. @param packages folders of Python's packages */
export function* findCompilers(
  koffi: Koffi,
  environment: NodeJS.ProcessEnv,
  packages: readonly string[],
): Generator<Compiler> {
  for (const path of candidates(environment, packages)) {
    const compiler = openCompiler(koffi, path);
    if (compiler !== undefined) yield compiler;
  }
}

function openCompiler(koffi: Koffi, path: string): Compiler | undefined {
  try {
    // It opens a part of itself by name when it first compiles, which the loader may not know.
    for (const part of globSync(join(dirname(path), "libnvrtc-builtins.so.*"))) koffi.load(part, { global: true });
    const functions = functionsOf(koffi.load(path), compilerSignatures);
    const [major, minor, count] = [new Int32Array(1), new Int32Array(1), new Int32Array(1)];
    functions.nvrtcVersion(major, minor);
    functions.nvrtcGetNumSupportedArchs(count);
    const capabilities = new Int32Array(count[0]!);
    functions.nvrtcGetSupportedArchs(capabilities);
    return { path, version: 1000 * major[0]! + 10 * minor[0]!, capabilities: [...capabilities], functions };
  } catch {
    return undefined;
  }
}

/** How kernels for a GPU are compiled: as its code, or for one newer than the compiler as what its driver makes code of. */
export function targetFor(
  { capabilities }: Compiler,
  capability: number,
): { readonly isCode: boolean; readonly option: string } | undefined {
  if (capabilities.includes(capability)) return { isCode: true, option: `--gpu-architecture=sm_${capability}` };
  const below = Math.max(0, ...capabilities.filter((each) => each < capability));
  return below === 0 ? undefined : { isCode: false, option: `--gpu-architecture=compute_${below}` };
}

/** All that decides what a text is compiled to. */
export const optionsFor = (compiler: Compiler, capability: number): readonly string[] => [
  ...languageOptions,
  targetFor(compiler, capability)!.option,
];

/**
 * Compiles a kernel on a thread of its own.
 *
 * @param label what it computes, for errors
 * @throws with the line of the text that the compiler refuses
 */
export async function compile(
  compiler: Compiler,
  capability: number,
  { label, code }: { readonly label: string; readonly code: string },
): Promise<Uint8Array> {
  const { functions } = compiler;
  const handle = new BigUint64Array(1);
  const size = new BigUint64Array(1);
  const check = (what: string, result: number): void => {
    if (result !== 0)
      fail("backend cuda", `NVRTC: ${what} of the kernel "${label}" fails with code ${result}.`, "unsupported");
  };
  check("the program", functions.nvrtcCreateProgram(handle, code, "kernel.cu", 0, null, null));
  const program = handle[0]!;
  try {
    const options = optionsFor(compiler, capability);
    const result = await new Promise<number>((resolve, reject) => {
      functions.nvrtcCompileProgram.async(program, options.length, options, (error, code) => {
        if (error) reject(error);
        else resolve(code);
      });
    });
    if (result !== 0) {
      functions.nvrtcGetProgramLogSize(program, size);
      const log = new Uint8Array(Number(size[0]));
      functions.nvrtcGetProgramLog(program, log);
      refuse(label, code, new TextDecoder().decode(log).replace(/\0.*$/s, ""), result);
    }
    const isCode = targetFor(compiler, capability)!.isCode;
    const sizeOf = isCode ? functions.nvrtcGetCUBINSize : functions.nvrtcGetPTXSize;
    check("the size", sizeOf(program, size));
    const image = new Uint8Array(Number(size[0]));
    check("the code", (isCode ? functions.nvrtcGetCUBIN : functions.nvrtcGetPTX)(program, image));
    return image;
  } finally {
    functions.nvrtcDestroyProgram(handle);
  }
}

function refuse(label: string, code: string, log: string, result: number): never {
  const [, line, message] = /\((\d+)\): error: *(.*)/.exec(log) ?? [];
  const said =
    line === undefined
      ? log.trim() || `NVRTC ends with code ${result}`
      : `line ${line}, "${code.split("\n")[Number(line) - 1]?.trim()}": ${message}`;
  return fail("backend cuda", `the kernel "${label}" does not compile: ${said}`, "unsupported");
}
