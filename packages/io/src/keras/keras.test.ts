// Weights of files that Keras 3 wrote, and of the layouts of Keras 2 and of the first Keras 3.
import { readFileSync } from "node:fs";
import type { HostArray } from "@hooke/runtime";
import { expect, it } from "vitest";
import { writeZip } from "../zip/write-zip.ts";
import { decodeKeras } from "./decode-keras.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));
const expected = JSON.parse(new TextDecoder().decode(fixture("expected.json"))) as Record<
  string,
  { readonly shape: readonly number[]; readonly data: readonly number[] }
>;
const asExpected = (tensors: Readonly<Record<string, HostArray>>, rename: (name: string) => string): object =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [rename(name), { shape, data: [...data] }]),
  );
/** Three variables of a batch normalisation can be of two kinds: they keep their numbers. */
const withoutScale = (name: string): string =>
  name.replace(/^no_scale\/(\d)/, (_, number) => `no_scale/${["beta", "moving_mean", "moving_variance"][number]}`);
const unnamed: Readonly<Record<string, string>> = {
  conv2d: "first",
  "sequential/conv2d": "inner/mix",
  batch_normalization: "first_bn",
  batch_normalization_1: "no_scale",
  depthwise_conv2d: "depth",
  dense: "predictions",
};

it.each<[string, string, (name: string) => string]>([
  ["small.keras", "optimizer", withoutScale],
  ["small.weights.h5", "optimizer", withoutScale],
  ["small.h5", "optimizer_weights", (name) => name],
  ["small-keras2.h5", "", (name) => name.replace("depthwise_kernel", "kernel")],
  [
    "small-unnamed.weights.h5",
    "optimizer",
    (name) => withoutScale(name.replace(/^(.*)\/(\w+)$/, (_, layer, variable) => `${unnamed[layer]}/${variable}`)),
  ],
])("%s", async (name, leftOut, rename) => {
  const file = await decodeKeras(fixture(name), { source: name });
  expect(file.leftOut.join()).toBe(leftOut);
  expect(asExpected(file.tensors, rename)).toEqual(expected);
});

it("weights by name, and in the order of the file", async () => {
  const names = ["predictions/kernel", "inner/mix/bias"];
  const { tensors } = await decodeKeras(fixture("small.h5"), { names });
  expect(Object.keys(tensors)).toEqual(["inner/mix/bias", "predictions/kernel"]);
  await expect(decodeKeras(fixture("small.h5"), { names: ["first/bias"] })).rejects.toThrow('"first/bias"');
});

it.each<[string, () => Uint8Array | Promise<Uint8Array>, string]>([
  [
    "other HDF5 files",
    () => new Uint8Array(readFileSync(new URL("../hdf5/fixtures/types.h5", import.meta.url))),
    "but none of Keras",
  ],
  [
    "other zip files",
    () => writeZip([["a", new Uint8Array(3)]], false, "x"),
    "without model.weights.h5, which model.save",
  ],
  ["what is neither", () => new TextEncoder().encode("weights"), "keras: is no HDF5 file"],
  ["weights that are cut short", () => fixture("small.weights.h5").subarray(0, 20_000), "the file is damaged"],
  [
    "an archive whose weights are damaged",
    () => fixture("small.keras").map((byte, at) => (at === 20_000 ? byte ^ 1 : byte)),
    "does not match its checksum",
  ],
])("refuses %s", async (_, file, message) => {
  await expect((async () => decodeKeras(await file()))()).rejects.toThrow(message);
});

it("refuses more than the limit", async () => {
  await expect(decodeKeras(fixture("small.h5"), { limit: 100 })).rejects.toThrow("the option limit allows 100");
});
