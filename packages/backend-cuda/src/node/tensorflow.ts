// A TensorFlow to build against: the one pip installed for a Python, or an unpacked libtensorflow archive.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fail } from "@hooke/runtime";
import { lastLines, type Run } from "./run.ts";

/** A TensorFlow on this machine. */
export interface TensorFlow {
  /** The `tensorflow` folder of a Python's packages, or the folder of a libtensorflow archive. */
  readonly folder: string;
  readonly kind: "pip" | "libtensorflow";
  readonly version: string;
  /** The CUDA it was built for, e.g. `"12.5.1"`; `null` if it was built without, `undefined` if it does not say. */
  readonly cuda: string | null | undefined;
  readonly cudnn: string | undefined;
  /** The folder of its headers. */
  readonly include: string;
  /** The libraries a binding links to, absolute paths, NVIDIA's own included where pip installed them beside. */
  readonly libraries: readonly string[];
}

const ask = `
import importlib.util
spec = importlib.util.find_spec("tensorflow")
print(spec.submodule_search_locations[0] if spec and spec.submodule_search_locations else "")`;

/**
 * The TensorFlow that pip installed for a Python.
 *
 * @param python the interpreter, e.g. `"python3"` or `"~/tensorflow/bin/python"`
 * @throws if it is not a Python, has no TensorFlow, or has one without headers or C++ library
 */
export async function fromPython(run: Run, python: string): Promise<TensorFlow> {
  const { code, stdout, stderr } = await run(python, ["-c", ask], { timeout: 60_000 });
  if (code === 127)
    fail("hooke-cuda", `there is no Python at "${python}"; give the path of one that has TensorFlow.`, "unavailable");
  if (code !== 0)
    fail("hooke-cuda", `"${python}" could not say where its TensorFlow is:\n${lastLines(stderr)}`, "unavailable");
  const folder = stdout.trim();
  if (folder === "") {
    fail(
      "hooke-cuda",
      `"${python}" has no TensorFlow; install it: ${python} -m pip install "tensorflow[and-cuda]"`,
      "unavailable",
    );
  }
  const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"].map((name) => join(folder, name));
  const include = join(folder, "include");
  requireFiles(folder, [join(include, "tensorflow/c/c_api.h"), ...libraries]);
  const packages = dirname(folder);
  const build = readIfThere(join(folder, "python/platform/build_info.py"));
  const entry = (name: string) => new RegExp(`'${name}', '?([^')]+)`).exec(build)?.[1];
  return {
    folder,
    kind: "pip",
    version: distributionVersion(packages),
    cuda: entry("is_cuda_build") === "False" ? null : entry("cuda_version"),
    cudnn: entry("cudnn_version"),
    include,
    libraries: [...libraries, ...nvidiaLibraries(packages)],
  };
}

/**
 * An unpacked libtensorflow archive: `include/` and `lib/`.
 *
 * @throws if the folder is not one
 */
export function fromFolder(path: string): TensorFlow {
  const folder = resolve(path);
  const include = join(folder, "include");
  const find = (name: string) =>
    [`${name}.so`, `${name}.so.2`].map((file) => join(folder, "lib", file)).find((file) => existsSync(file)) ??
    join(folder, "lib", `${name}.so.2`);
  const libraries = [find("libtensorflow"), find("libtensorflow_framework")];
  requireFiles(folder, [join(include, "tensorflow/c/c_api.h"), ...libraries]);
  const versions = readdirSync(join(folder, "lib")).map(
    (file) => /^libtensorflow\.so\.(\d+\.\d+\.\d+)$/.exec(file)?.[1],
  );
  return {
    folder,
    kind: "libtensorflow",
    version: versions.find((version) => version !== undefined) ?? "of unknown version",
    cuda: undefined,
    cudnn: undefined,
    include,
    libraries,
  };
}

function requireFiles(folder: string, files: readonly string[]): void {
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length === 0) return;
  fail(
    "hooke-cuda",
    `the TensorFlow in ${folder} cannot be built against: ${missing.join(" and ")} missing. ` +
      "Use pip's tensorflow 2.16 or newer for Linux, or an unpacked libtensorflow archive with include/ and lib/.",
    "unavailable",
  );
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function distributionVersion(packages: string): string {
  const versions = readdirSync(packages).map((name) => /^tensorflow(?:_cpu|_gpu)?-(.+)\.dist-info$/.exec(name)?.[1]);
  return versions.find((version) => version !== undefined) ?? "of unknown version";
}

/**
 * NVIDIA's libraries as pip's `nvidia-*` packages bring them. TensorFlow opens them by name when it first looks for a GPU, and
 * its own search path names none of their folders; a binding linked to them has them loaded by then.
 */
export function nvidiaLibraries(packages: string): string[] {
  const root = join(packages, "nvidia");
  if (!existsSync(root)) return [];
  const wanted = /^lib(cudart|cublas|cublasLt|cufft|curand|cusolver|cusparse|nvJitLink|cupti|nccl|cudnn)\.so\.\d+$/;
  return readdirSync(root)
    .map((name) => join(root, name, "lib"))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => wanted.test(file))
        .map((file) => join(folder, file)),
    )
    .sort();
}
