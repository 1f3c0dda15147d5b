// `hooke-cuda setup`: builds the binding between Node and a TensorFlow the user has, in a folder of the user's.
//
// The binding is tfjs-node's, two C++ files on Node's stable C interface: one compiler call with that interface's headers
// makes it, and one build serves every Node. tfjs-node's own way (node-gyp, a libtensorflow of 2022) is not taken.
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail } from "@hooke/runtime";
import { compilerCure } from "./cures.ts";
import { setupPaths, versions } from "./installation.ts";
import { type Probe, probe } from "./probe.ts";
import { lastLines, type Run } from "./run.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** What {@link setup} needs. */
export interface SetupOptions {
  readonly run: Run;
  readonly tensorflow: TensorFlow;
  /** Where the binding goes; made if it does not exist. */
  readonly folder: string;
  /** The C++ compiler, e.g. `"c++"`. */
  readonly compiler: string;
  /** Receives a line of progress. */
  readonly log: (line: string) => void;
}

/**
 * Builds the binding and tries it. Needs no root and writes to `folder` alone.
 *
 * @returns what the binding found: TensorFlow's version and whether it sees a GPU
 * @throws if npm, the compiler or the binding fails, with what it said
 */
export async function setup(options: SetupOptions): Promise<Probe & { works: true }> {
  const { run, tensorflow, folder, log } = options;
  const paths = setupPaths(folder);
  await claim(folder);
  log(`1/3 fetching tfjs-node ${versions.tfjs} and Node's C headers with npm (no install scripts), into ${folder}`);
  await fetchSources(run, folder);
  log(`2/3 compiling the binding against TensorFlow ${tensorflow.version} (half a minute at most)`);
  await compile(options);
  log("3/3 trying it");
  const result = await probe(run, paths.binding);
  if (!result.works)
    fail("hooke-cuda setup", `the binding was built, but does not start: ${result.problem}`, "unavailable");
  const { folder: home, kind, version, cuda, cudnn } = tensorflow;
  await writeFile(
    paths.record,
    `${JSON.stringify({ tensorflow: { folder: home, kind, version, cuda, cudnn } }, null, 2)}\n`,
  );
  return result;
}

/** Makes the folder ours: an earlier setup is marked unfinished, anything else is refused. */
async function claim(folder: string): Promise<void> {
  const { manifest, record } = setupPaths(folder);
  try {
    await mkdir(folder, { recursive: true });
    if (!existsSync(manifest) && (await readdir(folder)).length > 0) {
      fail("hooke-cuda setup", `the folder ${folder} holds something else; give an empty or a new one with --folder.`);
    }
    await rm(record, { force: true });
    const dependencies = {
      "@tensorflow/tfjs-core": versions.tfjs,
      "@tensorflow/tfjs-node": versions.tfjs,
      "node-api-headers": versions.nodeApiHeaders,
    };
    // tfjs-node asks for all of tfjs; its kernels need the core alone.
    const overrides = { "@tensorflow/tfjs": `npm:@tensorflow/tfjs-core@${versions.tfjs}` };
    const name = "hooke-cuda-setup";
    await writeFile(manifest, `${JSON.stringify({ name, private: true, dependencies, overrides }, null, 2)}\n`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    fail(
      "hooke-cuda setup",
      `cannot write to ${folder}: ${message}; give another folder with --folder.`,
      "file-system",
    );
  }
}

async function fetchSources(run: Run, folder: string): Promise<void> {
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
  const { code, stderr } = await run("npm", args, { cwd: folder, timeout: 600_000 });
  if (code === 127) fail("hooke-cuda setup", "npm is not there; install the one that comes with Node.", "unavailable");
  if (code !== 0) {
    fail(
      "hooke-cuda setup",
      `npm could not fetch tfjs-node; check the network and npm's registry. It said:\n${lastLines(stderr)}`,
      "unavailable",
    );
  }
}

async function compile({ run, tensorflow, folder, compiler }: SetupOptions): Promise<void> {
  const paths = setupPaths(folder);
  const unfinished = join(folder, "tfjs_binding.new");
  const places = [...new Set(tensorflow.libraries.map((library) => dirname(library)))];
  const args = [
    ...["-shared", "-fPIC", "-O2", "-std=c++17", "-DNAPI_VERSION=8"],
    ...[paths.headers, paths.package, tensorflow.include].flatMap((include) => ["-I", include]),
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => join(paths.package, "binding", file)),
    ...["-o", unfinished, "-Wl,--no-as-needed", ...tensorflow.libraries],
    ...places.map((place) => `-Wl,-rpath,${place}`),
  ];
  const { code, stderr } = await run(compiler, args, { timeout: 600_000 });
  if (code === 127) fail("hooke-cuda setup", `there is no C++ compiler "${compiler}". ${compilerCure}`, "unavailable");
  if (code !== 0) {
    const errors = stderr.split("\n").filter((line) => /error|undefined reference|cannot find/.test(line));
    const said = lastLines(errors.slice(0, 5).join("\n") || stderr);
    fail(
      "hooke-cuda setup",
      `${compiler} could not build the binding against ${tensorflow.folder}:\n${said}`,
      "unavailable",
    );
  }
  await rename(unfinished, paths.binding);
}
