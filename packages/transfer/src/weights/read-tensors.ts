// The tensors in the bytes of a file, whatever its format.
import { decodeSafetensors } from "@hooke/data/safetensors";
import { fail, type HostArray } from "@hooke/runtime";
import type { Got } from "./source/bytes-of.ts";

/** Formats that are read. */
export type WeightsFormat = "safetensors" | "pytorch" | "keras" | "onnx";

/** The tensors of a file. */
export interface FileTensors {
  readonly format: WeightsFormat;
  readonly tensors: Readonly<Record<string, HostArray>>;
  /** The keys that lead to them in the file, such as `["state_dict"]`; empty where they are at the top. */
  readonly nest: readonly string[];
}

/**
 * The tensors of a file by name.
 *
 * @param isChecked whether the checksum of the file was, which that of another file that it refers to is not
 * @throws on what is no file of weights, naming what it looks like
 */
export async function readTensors({ bytes, name, beside }: Got, isChecked: boolean): Promise<FileTensors> {
  const options = { source: name, int64: "f64", names: (each: string) => !/num_batches_tracked$/.test(each) } as const;
  const format = formatOf(bytes);
  // A page that reads safetensors downloads no other reader.
  switch (format) {
    case "safetensors":
      return { format, tensors: decodeSafetensors(bytes, options).tensors, nest: [] };
    case "pytorch": {
      const { decodePyTorch } = await import("@hooke/io/pytorch");
      return { format, ...decodePyTorch(bytes, options) };
    }
    case "keras": {
      const { decodeKeras } = await import("@hooke/io/keras");
      return { format, tensors: (await decodeKeras(bytes, { source: name })).tensors, nest: [] };
    }
    case "onnx": {
      const { decodeOnnx } = await import("@hooke/io/onnx");
      const external = beside === undefined || isChecked ? {} : { external: beside };
      const { tensors } = await decodeOnnx(bytes, { ...options, floatsOnly: true, ...external });
      return { format, tensors, nest: [] };
    }
    default:
      return fail(
        name,
        "is no safetensors file, and none of PyTorch (.pth), Keras (.keras, .h5) or ONNX (.onnx).",
        "unsupported",
      );
  }
}

function formatOf(bytes: Uint8Array): WeightsFormat | undefined {
  const has = (text: string, at: number) =>
    [...text].every((character, i) => bytes[at + i] === character.charCodeAt(0));
  if (isSafetensors(bytes)) return "safetensors";
  if (has("\x89HDF\r\n\x1a\n", 0)) return "keras";
  if (has("PK", 0)) return isKerasArchive(bytes) ? "keras" : "pytorch";
  // The pickles and tar files of former versions, which the reader refuses by what they are.
  if (has("\x80\x02", 0) || has("ustar", 257)) return "pytorch";
  return isOnnx(bytes) ? "onnx" : undefined;
}

function isSafetensors(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length > 8 && view.getUint32(4, true) === 0 && bytes[8] === 0x7b;
}

/** Whether a zip file names the weights of Keras in its directory, which is at its end. */
function isKerasArchive(bytes: Uint8Array): boolean {
  const end = new TextDecoder("latin1").decode(bytes.subarray(-(2 ** 16)));
  return end.includes("model.weights.h5");
}

/** Whether the first field is the version of ONNX, a small number, and one that may follow it comes next. */
function isOnnx(bytes: Uint8Array): boolean {
  const [first, version, next] = bytes as unknown as [number, number, number];
  // The producer's name and version, the graph, the operator sets.
  return first === 0x08 && version > 0 && version < 64 && [0x12, 0x1a, 0x3a, 0x42].includes(next);
}
