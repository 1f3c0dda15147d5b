// The tensors in the bytes of a file, whatever its format.
import { decodeSafetensors } from "@hooke/data/safetensors";
import { fail, type HostArray } from "@hooke/runtime";

/** The tensors of a file. */
export interface FileTensors {
  readonly tensors: Readonly<Record<string, HostArray>>;
  /** The keys that lead to them in the file, such as `["state_dict"]`; empty where they are at the top. */
  readonly nest: readonly string[];
}

/** The tensors of a file by name. @throws on what is no file of weights, naming what it looks like */
export async function readTensors(bytes: Uint8Array, source: string): Promise<FileTensors> {
  const options = { source, int64: "f64", names: (name: string) => !/num_batches_tracked$/.test(name) } as const;
  if (isSafetensors(bytes)) return { tensors: decodeSafetensors(bytes, options).tensors, nest: [] };
  if (isPyTorch(bytes)) {
    // A page that reads safetensors downloads no reader of pickles.
    const { decodePyTorch } = await import("@hooke/io/pytorch");
    return decodePyTorch(bytes, options);
  }
  return fail(source, "is no safetensors file, and none of PyTorch (.pth).", "unsupported");
}

function isSafetensors(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length > 8 && view.getUint32(4, true) === 0 && bytes[8] === 0x7b;
}

/** Zip files, and the pickles and tar files of former versions, which the reader refuses by what they are. */
function isPyTorch(bytes: Uint8Array): boolean {
  const has = (text: string, at: number) =>
    [...text].every((character, i) => bytes[at + i] === character.charCodeAt(0));
  return has("PK", 0) || has("\x80\x02", 0) || has("ustar", 257);
}
