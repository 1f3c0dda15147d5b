// The tensors in the bytes of a file, whatever its format.
import { decodeSafetensors } from "@hooke/data/safetensors";
import { fail, type HostArray } from "@hooke/runtime";

/** Formats of files of weights. */
export type WeightsFormat = "safetensors";

/** The tensors of a file by name. @throws on what is no file of weights, naming what it looks like */
export async function readTensors(bytes: Uint8Array, source: string): Promise<Readonly<Record<string, HostArray>>> {
  if (formatOf(bytes) === "safetensors") {
    return decodeSafetensors(bytes, { source, int64: "f64", names: (name) => !/num_batches_tracked$/.test(name) })
      .tensors;
  }
  return fail(source, "is no safetensors file.", "unsupported");
}

function formatOf(bytes: Uint8Array): WeightsFormat | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length > 8 && view.getUint32(4, true) === 0 && bytes[8] === 0x7b) return "safetensors";
  return undefined;
}
