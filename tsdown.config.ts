// How every package is built: ES modules for browsers and Node alike, one declaration file beside each entry.
import { defineConfig } from "tsdown";

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
  outputOptions: {
    codeSplitting: {
      groups: [{ name: "main", tags: ["$initial"], test: /\/src\/(?!checkpoint\/|node\/|safetensors\/).*(?<!\.d)\.ts$/ }],
    },
  },
  dts: true,
  fixedExtension: false,
  logLevel: "warn",
});
