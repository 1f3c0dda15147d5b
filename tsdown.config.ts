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
  dts: true,
  fixedExtension: false,
  logLevel: "warn",
});
