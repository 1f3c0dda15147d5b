// The chapter's counts, weights of a file, and the program at small size, which goes on where it was.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { encodeSafetensors } from "@hooke/data/safetensors";
import { array } from "@hooke/runtime";
import { expect, it } from "vitest";
import { resnetBackbone } from "./model.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

it("prints the chapter's counts, and that nothing is transferred", { timeout: 240_000 }, async () => {
  const runs = await mkdtemp(join(tmpdir(), "transfer-resnet18-"));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [main, "--small", runs]);
    expect(stdout).toContain("Trainable / Total: 65,793 / 11,242,305\n");
    expect(stdout).toContain("Backbone: ResNet-18, random weights: nothing is transferred\n");
    expect(stdout).toMatch(/R2 of the modulus on 8 micrographs held out: -?\d/);
    expect(stdout).not.toMatch(/pretrained/i);
  } finally {
    await rm(runs, { recursive: true });
  }
});

it("refuses a file of other weights by name", async () => {
  const folder = await mkdtemp(join(tmpdir(), "transfer-resnet18-"));
  try {
    const file = join(folder, "other.safetensors");
    await writeFile(file, encodeSafetensors({ weight: array([1]) }));
    await expect(resnetBackbone(wasmBackend(), 32, 0, file)).rejects.toThrow(
      /has no ".+"; give torchvision's resnet18/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
