// The packages as a user gets them: packed tarballs, and folders outside the workspace that install them.

import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export const root: string = join(import.meta.dirname, "../..");

export interface PackedPackage {
  readonly name: string;
  /** Path of the .tgz file. */
  readonly tarball: string;
  /** Paths inside the package, sorted. */
  readonly files: readonly string[];
  /** Specifiers a user can import: `@hooke/core`, `@hooke/core/node`. */
  readonly entries: readonly string[];
}

/** Runs a program and returns what it prints; a failure throws with all of its output. */
export function execute(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed in ${cwd}:\n${stdout ?? ""}${stderr ?? ""}`, { cause });
  }
}

/** Runs the pnpm that package.json pins. */
export function pnpm(args: readonly string[], cwd: string): string {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return execute("npx", ["--yes", packageManager, ...args], cwd);
}

/** Packs every package of the workspace into `folder`. */
export function packAll(folder: string): PackedPackage[] {
  mkdirSync(folder, { recursive: true });
  pnpm(["--filter", "./packages/*", "pack", "--pack-destination", folder], root);
  return globSync(join(folder, "*.tgz"))
    .sort()
    .map((tarball) => {
      const files = execute("tar", ["-tzf", tarball], folder)
        .trim()
        .split("\n")
        .map((path) => path.replace(/^package\//, ""));
      const manifest = JSON.parse(execute("tar", ["-xzOf", tarball, "package/package.json"], folder));
      const entries = Object.keys(manifest.exports).filter((path) => path !== "./package.json");
      return {
        name: manifest.name,
        tarball,
        files: files.sort(),
        entries: entries.map((path) => manifest.name + path.slice(1)),
      };
    });
}

/** The package of npm that has the binary of Node for this machine, and nothing else. */
const nodePackage = `node-${process.platform.replace("win32", "win")}-${process.arch}`;

/**
 * Makes `folder` a project of its own that has the packed packages, Node's types, vitest and versions of Node installed.
 *
 * @param versions of Node, as npm knows them
 */
export function createConsumer(folder: string, packed: readonly PackedPackage[], versions: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  const workspace = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const tarballs = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const nodes = Object.fromEntries(versions.map((version) => [`node-${version}`, `npm:${nodePackage}@${version}`]));
  const { "@types/node": types, vitest } = workspace.devDependencies;
  const dependencies = { ...tarballs, ...nodes, "@types/node": types, vitest };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", private: true, dependencies }, null, 2));
  // An empty workspace file keeps pnpm from looking for one further up.
  writeFileSync(join(folder, "pnpm-workspace.yaml"), "packages: []\n");
  pnpm(["install", "--prefer-offline", "--ignore-scripts"], folder);
}

/** A version of Node that a project has installed. */
export function nodeOf(folder: string, version: string): string {
  return join(folder, `node_modules/node-${version}/bin/node${process.platform === "win32" ? ".exe" : ""}`);
}

/** Copies an example into a folder of a project, whose packages it then finds. */
export function copyExample(example: string, project: string): string {
  const folder = join(project, basename(example));
  const isOwnFile = (path: string) => !/[\\/](node_modules|dist)$/.test(path);
  cpSync(join(root, example), folder, { recursive: true, filter: isOwnFile });
  return folder;
}

/** Folders of the examples that are plugins by a third party. */
export function findPluginExamples(): string[] {
  return globSync("examples/plugin-*/package.json", { cwd: root }).map(dirname).sort();
}
