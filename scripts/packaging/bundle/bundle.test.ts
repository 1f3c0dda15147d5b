// What a page downloads of the packages as they are published: byte ceilings, and what tree shaking must have removed.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Format } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { publishedPackages } from "../../../browser/harness/bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "hooke-bundle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bundles a page of this folder as one would for browsers: `esm` in parts that load when they are needed, `iife` as one file. */
async function bundle(page: string, format: Format) {
  const outdir = join(folder, format, page);
  const { metafile } = await build({
    entryPoints: [join(import.meta.dirname, `${page}.ts`)],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    minify: true,
    format,
    splitting: format === "esm",
    platform: "browser",
    target: "es2024",
    metafile: true,
    plugins: [publishedPackages],
  });
  return { entry: join(outdir, `${page}.mjs`), outputs: Object.entries(metafile.outputs) };
}

/** Runs a page in Node and returns the text it shows and the files it loaded on the way. */
function visit(entry: string): { readonly text: string; readonly files: readonly string[] } {
  const program = `
    import { registerHooks } from "node:module";
    const files = [];
    registerHooks({ load: (url, context, next) => (url.startsWith("file:") && files.push(url), next(url, context)) });
    globalThis.document = { body: {} };
    process.on("exit", () => console.log(JSON.stringify({ text: document.body.textContent, files })));
    await import(${JSON.stringify(`file://${entry}`)});
  `;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" }));
}

const gzipped = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length;

test("a page that trains a model downloads at most 72.9 kB (runtime, core and backend-wasm, minified and gzipped), in few files", async () => {
  const { entry, outputs } = await bundle("minimal-page", "esm");
  const { files } = visit(entry);
  const paths = files.map((url) => new URL(url).pathname);
  const loaded = outputs.filter(([path]) => paths.some((file) => basename(file) === basename(path)));
  const inputs = loaded.flatMap(([, output]) => Object.entries(output.inputs));
  const largest = inputs.sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput).slice(0, 15);
  const report = largest.map(([path, { bytesInOutput }]) => `${String(bytesInOutput).padStart(8)}  ${path}`).join("\n");
  const bytes = paths.reduce((total, path) => total + gzipped(path), 0);
  console.log(`minimal page: ${bytes} bytes gzipped, in ${files.length} of ${outputs.length} files`);
  expect(bytes, `largest inputs, minified:\n${report}`).toBeLessThanOrEqual(72_900);
  // The page's own, and one of each package: the page waits for no file that another one asks for.
  expect(paths.length).toBeLessThanOrEqual(4);
});

test("the same page bundled into one file shows the same bits, in at most 126.1 kB", async () => {
  const parts = visit((await bundle("minimal-page", "esm")).entry);
  const { entry, outputs } = await bundle("minimal-page", "iife");
  const whole = visit(entry);
  expect(outputs.length).toBe(1);
  expect(whole.files.length).toBe(1);
  expect(whole.text).toBe(parts.text);
  expect(whole.text.split(",").length).toBe(64);
  console.log(`minimal page as one file: ${gzipped(entry)} bytes gzipped`);
  expect(gzipped(entry)).toBeLessThanOrEqual(126_100);
});

test("a page that imports only `array` gets no primitives, derivatives or programs", async () => {
  const { entry } = await bundle("array-only", "esm");
  const text = readFileSync(entry, "utf8");
  for (const forbidden of ["conv", "scatterAdd", "cumsum", "transpose", "linearize", "Program"])
    expect(text).not.toContain(forbidden);
  expect(gzipped(entry)).toBeLessThanOrEqual(3_000);
});
