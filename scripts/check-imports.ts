// Who may import whom. Run as a program it checks the repository and lists what is wrong; `checkImports` is the rule.
//
// - The table below states the direction of dependencies between packages.
// - A published source file imports only what its own package.json declares, and Node's modules only under src/node/.
// - A relative import never leaves its package.
// - Imports run in no circle but those that `circles.ts` explains.
// Tests and their fixtures may import any package: they are not published and resolve through the workspace root.

import { globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { checkCircles } from "./circles.ts";

/** Packages (first match counts) and the sibling packages each may import. Only testkit sees every one. */
const allowedSiblings: readonly (readonly [owner: RegExp, siblings: RegExp])[] = [
  [/^runtime$/, /^$/],
  [/^(data|minimize|plan)$/, /^runtime$/],
  [/^kernels$/, /^(runtime|plan)$/],
  [/^report$/, /^(runtime|data)$/],
  [/^(core|sweep)$/, /^(runtime|data)$/],
  [/^io$/, /^(runtime|data|core)$/],
  [/^distributed-mpi$/, /^(runtime|core)$/],
  [/^baselines$/, /^(runtime|data|minimize)$/],
  [/^pinn$/, /^(runtime|data|core|minimize)$/],
  [/^transfer$/, /^(runtime|data|core|minimize|baselines|io)$/],
  [/^explain$/, /^(runtime|data|core|minimize|attention|baselines)$/],
  [/^uncertainty$/, /^(runtime|data|core|minimize|baselines)$/],
  [/^model-advisor$/, /^(runtime|data|core|explain|layers-.+|attention|report|minimize|baselines)$/],
  [/^cli$/, /^.+$/],
  [/^(layers-.+|attention|regularization)$/, /^(runtime|data|core)$/],
  [/^backend-cuda$/, /^(runtime|plan|kernels|backend-tfjs)$/],
  [/^backend-.+$/, /^(runtime|plan|kernels)$/],
  [/^testkit$/, /^.+$/],
];

/** A folder with its own package.json, and the names that file declares as dependencies or peer dependencies. */
export interface Manifest {
  readonly folder: string;
  readonly declared: readonly string[];
}

export interface SourceFile {
  /** Path from the repository root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Everything wrong with the imports of `files`, one line each, `path:line: what`. */
export function checkImports(files: readonly SourceFile[], manifests: readonly Manifest[]): string[] {
  return files.flatMap((file) => {
    const manifest = manifests.filter(({ folder }) => isInside(file.path, folder)).sort(byDepth)[0];
    return ts.preProcessFile(file.text, true, true).importedFiles.flatMap(({ fileName, pos }) => {
      const problem = describeProblem(file.path, fileName, manifest);
      const line = file.text.slice(0, pos).split("\n").length;
      return problem === undefined ? [] : [`${file.path}:${line}: ${problem}`];
    });
  });
}

function describeProblem(path: string, specifier: string, manifest: Manifest | undefined): string | undefined {
  const isTest = /\.(test|test-d|fixture)\.ts$/.test(path);
  const packageName = /^packages\/([^/]+)\//.exec(path)?.[1];
  const isNodeCode = isTest || packageName === undefined || packageName === "testkit" || path.includes("/src/node/");

  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(path), specifier);
    if (manifest && !isInside(target, manifest.folder)) {
      return `"${specifier}" leaves ${manifest.folder}; import the other package by its name`;
    }
    if (!isNodeCode && target.includes("/src/node/")) {
      return `"${specifier}" is code for Node; only files under src/node/ may import it`;
    }
    return undefined;
  }
  if (specifier.startsWith("node:") || builtinModules.includes(specifier)) {
    return isNodeCode ? undefined : `"${specifier}" exists only in Node; move the code under src/node/`;
  }
  if (packageName === undefined || isTest) return undefined;

  const sibling = /^@hooke\/([^/]+)/.exec(specifier)?.[1];
  if (sibling !== undefined) {
    const row = allowedSiblings.find(([name]) => name.test(packageName));
    if (!row) return `package "${packageName}" has no row in the table of scripts/check-imports.ts; add one`;
    if (sibling === packageName) return `"${specifier}" is the package itself; import the file`;
    if (!row[1].test(sibling)) return `${packageName} must not import "${specifier}"`;
  }
  const dependency = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (!manifest?.declared.includes(dependency)) {
    return `"${dependency}" is not among the dependencies or peerDependencies of ${manifest?.folder}/package.json`;
  }
  return undefined;
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function byDepth(a: Manifest, b: Manifest): number {
  return b.folder.length - a.folder.length;
}

function readManifest(path: string): Manifest {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(path, "utf8"));
  return { folder: posix.dirname(path), declared: Object.keys({ ...dependencies, ...peerDependencies }) };
}

/** Checks the repository in the current working directory. */
function checkRepository(): string[] {
  const find = (pattern: string) =>
    globSync(pattern, { exclude: (name) => ["node_modules", "dist", ".cache"].includes(posix.basename(name)) }).map(
      (path) => path.replaceAll("\\", "/"),
    );
  const files = find("{packages,apps,examples,benchmarks,browser,docs,scripts}/**/*.{ts,tsx,mts,js,mjs}").map(
    (path) => ({
      path,
      text: readFileSync(path, "utf8"),
    }),
  );
  const manifests = find("{packages,apps,examples,benchmarks,browser,docs}/**/package.json").map(readManifest);
  return [...checkImports(files, manifests), ...checkCircles(files)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkRepository();
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
