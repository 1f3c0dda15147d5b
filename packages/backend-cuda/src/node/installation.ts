// Where a binding may be: what `hooke-cuda setup` built, or an installed @tensorflow/tfjs-node(-gpu).
import { existsSync, globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { TensorFlow } from "./tensorflow.ts";

/** Versions of what setup fetches: the JavaScript half of the binding must match tfjs-core's. */
export const versions = { tfjs: "4.22.0", nodeApiHeaders: "1.9.0" } as const;

/** A tfjs-node with its binding. */
export interface Installation {
  /** Who provides it, e.g. `"hooke-cuda setup"`. */
  readonly source: string;
  /** The folder of the package tfjs-node: its JavaScript. */
  readonly package: string;
  /** The path of `tfjs_binding.node`. */
  readonly binding: string;
  /** What it was built against, where setup built it. */
  readonly tensorflow?: Pick<TensorFlow, "folder" | "kind" | "version" | "cuda" | "cudnn">;
}

/** Where setup builds and `cudaBackend` looks. */
export function setupFolder(env: NodeJS.ProcessEnv, folder?: string): string {
  const chosen = folder ?? env.HOOKE_CUDA_FOLDER;
  if (chosen) return resolve(chosen);
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "hooke", "cuda");
}

/** Files of a setup folder. */
export function setupPaths(folder: string) {
  return {
    /** Written last: a setup without it is unfinished. */
    record: join(folder, "setup.json"),
    manifest: join(folder, "package.json"),
    package: join(folder, "node_modules", "@tensorflow", "tfjs-node"),
    headers: join(folder, "node_modules", "node-api-headers", "include"),
    binding: join(folder, "tfjs_binding.node"),
  };
}

/** The binding to use: setup's, else that of an installed peer; undefined if there is none. */
export function findInstallation(folder: string): Installation | undefined {
  const paths = setupPaths(folder);
  if (existsSync(paths.record) && existsSync(paths.binding)) {
    const { tensorflow } = JSON.parse(readFileSync(paths.record, "utf8"));
    return { source: "hooke-cuda setup", package: paths.package, binding: paths.binding, tensorflow };
  }
  for (const source of ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"]) {
    const root = findPackage(source);
    // A package installed without its script has no binding.
    const binding = root && globSync(join(root, "lib", "*", "tfjs_binding.node"))[0];
    if (binding) return { source, package: root, binding };
  }
  return undefined;
}

function findPackage(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
