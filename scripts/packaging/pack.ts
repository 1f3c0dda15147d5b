// The packages as a user gets them: packed tarballs, and folders outside the workspace that install them.

import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

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

/**
 * Makes `folder` a project of its own that has the packed packages and Node's types installed.
 * @param source A folder to copy first, e.g. an example; its package.json keeps everything but its dependencies.
 */
export function createConsumer(folder: string, packed: readonly PackedPackage[], source?: string): void {
  mkdirSync(folder, { recursive: true });
  const isOwnFile = (path: string) => !/[\\/](node_modules|dist)$/.test(path);
  if (source) cpSync(source, folder, { recursive: true, filter: isOwnFile });
  const manifest = source ? JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) : { type: "module" };
  const workspace = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const tarballs = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const dependencies = { ...tarballs, "@types/node": workspace.devDependencies["@types/node"] };
  const { devDependencies, peerDependencies, ...kept } = manifest;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...kept, private: true, dependencies }, null, 2));
  // An empty workspace file keeps pnpm from looking for one further up.
  writeFileSync(join(folder, "pnpm-workspace.yaml"), "packages: []\n");
  pnpm(["install", "--prefer-offline", "--ignore-scripts"], folder);
}

/** Folders of the examples that are plugins by a third party. */
export function findPluginExamples(): string[] {
  return globSync("examples/plugin-*/package.json", { cwd: root }).map(dirname).sort();
}
