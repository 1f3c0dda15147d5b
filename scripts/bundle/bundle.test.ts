// What a page downloads: byte ceilings, and what tree shaking must have removed.

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

/** Bundles a page of this folder as a browser would load it. */
async function bundle(page: string) {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(import.meta.dirname, page)],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2024",
    write: false,
    metafile: true,
  });
  const { contents, text } = outputFiles[0]!;
  const inputs = Object.entries(Object.values(metafile.outputs)[0]!.inputs);
  const largest = inputs.sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput).slice(0, 15);
  return {
    text,
    gzipBytes: gzipSync(contents, { level: 9 }).length,
    minifiedBytes: contents.length,
    /** The files that weigh most, for the message of a ceiling that is broken. */
    report: largest.map(([path, { bytesInOutput }]) => `${String(bytesInOutput).padStart(8)}  ${path}`).join("\n"),
  };
}

test("a page that trains a model downloads at most 86 kB (runtime, core and backend-wasm, minified and gzipped)", async () => {
  const { gzipBytes, minifiedBytes, report } = await bundle("minimal-page.ts");
  console.log(`minimal page: ${minifiedBytes} bytes minified, ${gzipBytes} gzipped`);
  expect(gzipBytes, `largest inputs, minified:\n${report}`).toBeLessThanOrEqual(86_000);
});

test("a page that imports only `array` gets no primitives, derivatives or programs", async () => {
  const { text, gzipBytes, report } = await bundle("array-only.ts");
  for (const forbidden of ["conv", "scatterAdd", "cumsum", "transpose", "scan", "Program"]) {
    expect(text, `contains "${forbidden}"; largest inputs:\n${report}`).not.toContain(forbidden);
  }
  expect(gzipBytes, `largest inputs, minified:\n${report}`).toBeLessThanOrEqual(3_000);
});
