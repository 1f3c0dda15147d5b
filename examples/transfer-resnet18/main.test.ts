// The chapter's counts, weights of a file, and the program at small size, which goes on where it was.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { encodeModel } from "@hooke/core/checkpoint";
import { encodeSafetensors } from "@hooke/data/safetensors";
import { resnet18 } from "@hooke/layers-conv";
import { array, type HostArray, type Tree } from "@hooke/runtime";
import { expect, it } from "vitest";
import { type Backbone, resnetBackbone } from "./model.ts";

/** Of all its variables: eleven million numbers, which take seconds one by one. */
const digestOf = ({ layer, inputShape, variables }: Backbone): string =>
  createHash("sha256").update(encodeModel({ layer, inputShape, variables })).digest("hex");

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

it("with textureNet says so, and predicts better than the mean", { timeout: 240_000 }, async () => {
  const runs = await mkdtemp(join(tmpdir(), "transfer-resnet18-"));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [main, "--small", "--texture-net", runs]);
    expect(stdout).toContain("Backbone: textureNet, trained on generated textures\n");
    expect(Number(/held out: (-?[\d.]+)/.exec(stdout)?.[1])).toBeGreaterThan(0);
  } finally {
    await rm(runs, { recursive: true });
  }
});

it("takes the weights of a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "transfer-resnet18-"));
  try {
    const backend = wasmBackend();
    const random = await resnetBackbone(backend, 32, 5);
    const network = resnet18({ outputs: 0 });
    const of = (tree: unknown) => (tree as { readonly network: Tree<HostArray> }).network;
    const variables = { params: of(random.variables.params), state: of(random.variables.state) };
    const file = join(folder, "resnet.safetensors");
    await writeFile(file, encodeModel({ layer: network, inputShape: [32, 32, 3], variables }));
    const loaded = await resnetBackbone(backend, 32, 0, { source: file });
    expect(digestOf(loaded)).toBe(digestOf(random));
    expect(loaded.origin).toContain("100 tensors matched");
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("refuses a file of other weights by name", async () => {
  const folder = await mkdtemp(join(tmpdir(), "transfer-resnet18-"));
  try {
    const file = join(folder, "other.safetensors");
    await writeFile(file, encodeSafetensors({ weight: array([1]) }));
    const refused = resnetBackbone(wasmBackend(), 32, 0, { source: file });
    await expect(refused).rejects.toThrow(/other\.safetensors: does not fit the model \(resnet18\)/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
