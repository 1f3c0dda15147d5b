// Every decoder of this package, with whole files of other programs that it reads, which are damaged for it.
import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { crc32 } from "@hooke/data/safetensors";
import { readHdf5 } from "../hdf5/read-hdf5.ts";
import type { Hdf5Dataset, Hdf5Node } from "../hdf5/tree.ts";
import { decodeImage } from "../images/decode-image.ts";
import { decodeVolume } from "../images/decode-volume.ts";
import { decodeKeras } from "../keras/decode-keras.ts";
import { csvFormat } from "../logs/csv.ts";
import { tensorboardFormat } from "../logs/tensorboard.ts";
import { decodeNpy } from "../numpy/npy.ts";
import { decodeNpz } from "../numpy/npz.ts";
import { decodeOnnx } from "../onnx/decode-onnx.ts";
import { decodeParquet } from "../parquet/decode-parquet.ts";
import { decodePyTorch } from "../pytorch/decode-pytorch.ts";
import { decodeNifti } from "../volumes/nifti/decode-nifti.ts";
import { decodeVtk } from "../volumes/vtk/decode-vtk.ts";
import { writeZip } from "../zip/write-zip.ts";

/** A kind of file. */
export interface Format {
  /** Whole files, by their number. */
  readonly seeds: readonly Uint8Array[];
  /** Files are damaged, then packed: else a checksum would refuse them all. */
  pack?(bytes: Uint8Array<ArrayBuffer>): Uint8Array | Promise<Uint8Array>;
  /** Reads all that is in a file. */
  read(bytes: Uint8Array): unknown;
  /** How many of 100,000 files are of this kind. */
  readonly share: number;
}

/** The speaker that every error is to name. */
export const source = "hostile.file";
const limit = 2 ** 24;

const fixture = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../${path}`, import.meta.url)));
type Fixture = Readonly<Record<string, { readonly file: string }>> & {
  readonly cases: readonly { readonly file: string }[];
};
const json = (path: string): Fixture => JSON.parse(new TextDecoder().decode(fixture(path)));
const bytesOf = ({ file }: { readonly file: string }): Uint8Array => new Uint8Array(Buffer.from(file, "base64"));
const cases = (path: string): Uint8Array[] => json(path).cases.map(bytesOf);

/** A PNG whose chunks have the checksums of what they hold. */
function withChecksums(png: Uint8Array<ArrayBuffer>): Uint8Array {
  const view = new DataView(png.buffer);
  for (let at = 8; at + 12 <= png.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > png.length) break;
    view.setUint32(end, crc32(png.subarray(at + 4, end)));
    at = end + 4;
  }
  return png;
}

/** Lists a file and reads its first datasets; those of types that are not read are passed over. */
async function readAllHdf5(bytes: Uint8Array): Promise<void> {
  const file = await readHdf5(bytes, { source });
  let left = 12;
  const readDataset = ({ path, type }: Hdf5Dataset): Promise<unknown> => {
    if (type === "text") return file.readText(path);
    return type === "references" ? file.readReferences(path) : file.read(path, { limit });
  };
  const visit = async (node: Hdf5Node): Promise<void> => {
    if (node.kind === "group") for (const child of Object.values(node.children)) await visit(child);
    if (node.kind !== "dataset" || left-- <= 0) return;
    await readDataset(node).catch((error) => {
      if (error?.code !== "unsupported") throw error;
    });
  };
  await visit(file.root);
}

const npy = cases("numpy/fixtures/npy.json");
const png = cases("images/fixtures/png.json");
const tiff = json("images/fixtures/tiff.json");
const floats = json("images/fixtures/tiff-float.json");
const jpeg = cases("images/fixtures/jpeg.json");
const nifti = cases("volumes/fixtures/nifti.json");
const compressed = ["snappy", "gzip", "zstd", "brotli", "lz4"];

const outside = fixture("onnx/fixtures/outside.bin");

/** Kinds of files by name. */
export const formats: Readonly<Record<string, Format>> = {
  npy: { seeds: npy, read: (bytes) => decodeNpy(bytes, { source }), share: 8_000 },
  npz: {
    seeds: ["saved", "compressed"].map((name) => fixture(`numpy/fixtures/${name}.npz`)),
    read: (bytes) => decodeNpz(bytes, { source, limit }),
    share: 8_000,
  },
  "npz, its arrays": {
    seeds: npy,
    pack: (bytes) => writeZip([["x.npy", bytes]], true, source),
    read: (bytes) => decodeNpz(bytes, { source, limit }),
    share: 5_000,
  },
  hdf5: {
    seeds: ["types.h5", "layouts.h5", "layouts-latest.h5", "cycles.h5", "matlab.mat"].map((name) =>
      fixture(`hdf5/fixtures/${name}`),
    ),
    read: readAllHdf5,
    share: 5_000,
  },
  keras: {
    seeds: ["small.h5", "small-keras2.h5", "small.weights.h5", "small-unnamed.weights.h5"].map((name) =>
      fixture(`keras/fixtures/${name}`),
    ),
    read: (bytes) => decodeKeras(bytes, { source, limit }),
    share: 2_000,
  },
  "keras, its archive": {
    seeds: [fixture("keras/fixtures/small.keras")],
    read: (bytes) => decodeKeras(bytes, { source, limit }),
    share: 1_000,
  },
  "keras, in its archive": {
    seeds: [fixture("keras/fixtures/small.weights.h5")],
    pack: (bytes) => writeZip([["model.weights.h5", bytes]], true, source),
    read: (bytes) => decodeKeras(bytes, { source, limit }),
    share: 1_000,
  },
  onnx: {
    seeds: ["constants.onnx", "outside.onnx"].map((name) => fixture(`onnx/fixtures/${name}`)),
    read: (bytes) => decodeOnnx(bytes, { source, limit, int64: "f64", external: () => outside }),
    share: 6_000,
  },
  pytorch: {
    // Without checksums, which would refuse nearly all.
    seeds: [fixture("pytorch/fixtures/unchecked.pth")],
    read: (bytes) => decodePyTorch(bytes, { source, limit }),
    share: 2_000,
  },
  parquet: {
    seeds: ["types", "none", ...compressed].map((name) => fixture(`parquet/fixtures/${name}.parquet`)),
    read: (bytes) => decodeParquet(bytes, { source, limit }),
    share: 10_000,
  },
  png: { seeds: png, read: (bytes) => decodeImage(bytes, { source, limit, background: 0 }), share: 4_000 },
  "png, its chunks": {
    seeds: png,
    pack: withChecksums,
    read: (bytes) => decodeImage(bytes, { source, limit, background: 0 }),
    share: 10_000,
  },
  tiff: {
    seeds: [...tiff.cases, ...floats.cases].map(bytesOf),
    read: (bytes) => decodeImage(bytes, { source, limit, background: 0 }),
    share: 8_000,
  },
  "tiff, its pages": {
    seeds: ["volume", "turned", "noisy"].map((name) => bytesOf(tiff[name]!)),
    read: (bytes) => decodeVolume(bytes, { source, limit }),
    share: 4_000,
  },
  "jpeg by jpeg-js": {
    seeds: jpeg,
    read: (bytes) => decodeImage(bytes, { source, limit, jpegDecoder: "jpeg-js" }),
    share: 3_000,
  },
  "jpeg by sharp": {
    seeds: jpeg,
    read: (bytes) => decodeImage(bytes, { source, limit, jpegDecoder: "sharp" }),
    share: 3_000,
  },
  nifti: { seeds: nifti, read: (bytes) => decodeNifti(bytes, { source, limit }), share: 8_000 },
  "nifti, zipped": {
    seeds: nifti.map((file) => (file[0] === 0x1f ? new Uint8Array(gunzipSync(file)) : file)),
    pack: (bytes) => new Uint8Array(gzipSync(bytes)),
    read: (bytes) => decodeNifti(bytes, { source, limit }),
    share: 4_000,
  },
  vtk: {
    seeds: cases("volumes/fixtures/vtk.json"),
    async read(bytes) {
      for (const array of ["cells", "a vector", "f8", "f4"]) await decodeVtk(bytes, { source, array, limit });
    },
    share: 6_000,
  },
  "log as CSV": {
    seeds: [fixture("logs/fixtures/two-epochs.csv")],
    read: (bytes) => csvFormat.read(bytes, source),
    share: 1_000,
  },
  "log for TensorBoard": {
    seeds: [fixture("logs/fixtures/two-epochs.tfevents")],
    read: (bytes) => tensorboardFormat.read(bytes, source),
    share: 1_000,
  },
};
