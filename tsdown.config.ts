// How every package is built: ES modules for browsers and Node alike, one declaration file beside each entry. One process builds
// them all, so that TypeScript reads the sources once.
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { defineConfig, type UserConfig } from "tsdown";

/**
 * What is made by a call that is marked pure is made in a function. A bundler drops the call where nothing uses the result, but not
 * its arguments where they read a property, such as `checks.positive`: only with the whole function.
 */
const droppable = {
  name: "droppable",
  renderChunk: (code: string): string =>
    code.replace(
      /^(const [\w$]+ = \/\* @__PURE__ \*\/ )(.*[{[(]\n(?:\t.*\n)*[\])}]+|.*\));$/gm,
      (_, head: string, call: string) => `${head}(() => ${call})();`,
    ),
};

/** Of its package.json a file takes the name and the version: the rest is for npm, not for pages. */
const nameAndVersion = {
  name: "name-and-version",
  transform: {
    filter: { id: /\/package\.json$/ },
    handler(code: string): string {
      const { name, version } = JSON.parse(code);
      return JSON.stringify({ name, version });
    },
  },
};

/** An import without names says nothing in a declaration, and fails where a library that is used when it is there is not installed. */
const named = {
  name: "named",
  renderChunk: (code: string, { fileName }: { readonly fileName: string }): string | undefined =>
    fileName.endsWith(".d.ts") ? code.replace(/^import "[^"]+";\n/gm, "") : undefined,
};

/** What an entry of `exports` or `bin` stands for: a path, or paths by condition or name. */
type Target = string | { readonly [name: string]: Target };

/** Sources by the name of what is built of them: `exports` and `bin` beside what `publishConfig` makes of them. */
function pair(source: Target, built: Target | undefined): Record<string, string> {
  if (built === undefined) return {};
  if (typeof source !== "string") {
    const pairs = Object.entries(source).map(
      ([name, part]) => [part, (built as Record<string, Target>)[name]!] as const,
    );
    return Object.assign({}, ...pairs.map(([part, target]) => pair(part, target)));
  }
  const path = typeof built === "string" ? built : built.default;
  const name = /^\.\/dist\/(.*)\.js$/.exec(String(path))?.[1];
  return name === undefined ? {} : { [name]: source };
}

function entriesOf(folder: string): Record<string, string> {
  const { exports, bin = {}, publishConfig } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return pair({ exports, bin }, { bin: {}, ...publishConfig });
}

/** How the package of a folder is built. */
function configOf(cwd: string): UserConfig {
  const entry = entriesOf(cwd);
  // Folders that are entries of their own: `node`, `checkpoint`, ...
  const apart = [...JSON.stringify(entry).matchAll(/"\.\/src\/([^/"]+)\//g)].map(([, folder]) => folder);
  return {
    cwd,
    entry,
    format: "esm",
    platform: "neutral",
    target: "es2024",
    tsconfig: join(import.meta.dirname, "tsconfig.build.json"),
    // Node's own modules are imported by the entries that are for Node.
    deps: { neverBundle: [/^node:/] },
    // One file for all that the main entry reaches without `import()`. Bundlers divide a page by files: of many small ones that its
    // parts share, they make as many requests. Folders that are entries of their own stay apart.
    plugins: [droppable, nameAndVersion, named],
    outputOptions: {
      codeSplitting: {
        groups: [
          {
            name: "main",
            tags: ["$initial"],
            test: new RegExp(String.raw`/src/(?!(?:${apart.join("|")})/).*(?<!\.d)\.ts$`),
          },
        ],
      },
    },
    inputOptions: { checks: { pluginTimings: false } },
    // One program of all packages. Types are checked elsewhere.
    dts: { eager: true, compilerOptions: { noEmitOnError: false } },
    fixedExtension: false,
    logLevel: "warn",
  };
}

export default defineConfig(
  globSync("packages/*/package.json", { cwd: import.meta.dirname }).map((manifest) =>
    configOf(join(import.meta.dirname, dirname(manifest))),
  ),
);
