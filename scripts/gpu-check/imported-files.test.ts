// What a GPU is checked with is found by following imports: a program that moved, or a library that is new, is noticed here and not on the GPU.
import { join } from "node:path";
import { expect, test } from "vitest";
import { importedFiles } from "./imported-files.ts";

test("the programs import what is known to be packed", async () => {
  const files = await importedFiles(join(import.meta.dirname, "../.."));
  const packages = new Set(files.map((path) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)![1]!));
  expect([...packages].filter((name) => name.startsWith("@tensorflow/")).sort()).toEqual([
    "@tensorflow/tfjs-backend-webgpu",
    "@tensorflow/tfjs-core",
    "@tensorflow/tfjs-layers",
  ]);
  expect(packages.size).toBeLessThan(20);
});
