// Bundles pages as a user's bundler would: `@hooke/*` is what a package publishes, its `publishConfig.exports` and `dist`.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

const root: string = join(import.meta.dirname, "../..");

/** Conditions by name, or a path. */
type Target = string | { readonly [condition: string]: Target };

/** The first condition of a browser's bundler, in the order the package states them. */
function choose(target: Target | undefined): string | undefined {
  if (target === undefined || typeof target === "string") return target;
  const key = Object.keys(target).find((condition) => ["browser", "import", "default"].includes(condition));
  return key === undefined ? undefined : choose(target[key]);
}

/** Path of the built file that a specifier such as `@hooke/testkit/suite` stands for. */
function builtFile(specifier: string): string {
  const [, name, ...rest] = specifier.split("/");
  const folder = join(root, "packages", name!);
  const { publishConfig } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const path = choose(publishConfig.exports[[".", ...rest].join("/")]);
  if (path === undefined) throw new Error(`${specifier}: not among the published exports of packages/${name}`);
  const file = join(folder, path);
  if (!existsSync(file)) throw new Error(`${specifier}: ${file} does not exist; run \`pnpm build\` first`);
  return file;
}

/** Resolves `@hooke/*` to what the packages publish. */
export const publishedPackages: Plugin = {
  name: "published-packages",
  setup({ onResolve }) {
    onResolve({ filter: /^@hooke\// }, ({ path }) => ({ path: builtFile(path), sideEffects: false }));
  },
};

/**
 * Bundles entries of `browser/pages`.
 *
 * @param entries file names without `.ts`
 * @returns JavaScript by URL path, `/training.js`; parts that are imported lazily are files of their own
 */
export async function bundle(entries: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const outdir = join(root, "browser/pages");
  const { outputFiles } = await build({
    entryPoints: entries.map((entry) => join(outdir, `${entry}.ts`)),
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    write: false,
    minify: true,
    logLevel: "error",
    plugins: [publishedPackages],
  });
  return new Map(outputFiles.map(({ path, text }) => [path.slice(outdir.length).replaceAll("\\", "/"), text] as const));
}
