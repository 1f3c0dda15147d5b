// How every package is built: ES modules for browsers and Node alike, one declaration file beside each entry.
import { readFileSync } from "node:fs";
import { defineConfig } from "tsdown";

/** Folders under src that are entries of their own: `node`, `checkpoint`, ... */
const entryFolders = [
  ...new Set(
    JSON.stringify(JSON.parse(readFileSync("package.json", "utf8")).exports)
      .matchAll(/"\.\/src\/([^/"]+)\//g)
      .map(([, folder]) => folder),
  ),
];

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

export default defineConfig({
  // Each package builds from its own folder.
  cwd: process.cwd(),
  format: "esm",
  platform: "neutral",
  target: "es2024",
  tsconfig: "../../tsconfig.json",
  // Node's own modules are imported by the entries that are for Node.
  deps: { neverBundle: [/^node:/] },
  // One file for all that the main entry reaches without `import()`. Bundlers divide a page by files: of many small ones that its
  // parts share, they make as many requests. Folders that are entries of their own stay apart.
  plugins: [droppable, nameAndVersion],
  outputOptions: {
    codeSplitting: {
      groups: [
        {
          name: "main",
          tags: ["$initial"],
          test: new RegExp(String.raw`/src/(?!(?:${entryFolders.join("|")})/).*(?<!\.d)\.ts$`),
        },
      ],
    },
  },
  dts: true,
  fixedExtension: false,
  logLevel: "warn",
});
