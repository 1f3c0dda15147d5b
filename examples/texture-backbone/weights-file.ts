// The features' weights as a safetensors file of 16-bit floats: half the bytes, and the file of `@hooke/transfer`.
import type { Variables } from "@hooke/core";
import { decodeSafetensors } from "@hooke/data/safetensors";
import { type HostArray, type Tree, treeLeaves } from "@hooke/runtime";

/**
 * Names are dotted paths under `params` and `state`; numbers are rounded to the nearest of 11 significant bits.
 *
 * @param metadata text entries, such as where the weights come from
 */
export function encodeWeights(
  { params, state }: Variables<HostArray>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const { path, value } of treeLeaves<HostArray>({ params, state })) {
    const halves = Float16Array.from(value.data as Float32Array);
    header[path] = { dtype: "F16", shape: value.shape, data_offsets: [size, size + halves.byteLength] };
    parts.push(new Uint8Array(halves.buffer));
    size += halves.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + length + size).fill(0x20, 8, 8 + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(json, 8);
  let at = 8 + length;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** What {@link encodeWeights} wrote. */
export function decodeWeights(bytes: Uint8Array): Variables<HostArray> {
  const root: Record<string, Tree<HostArray>> = {};
  for (const [path, tensor] of Object.entries(decodeSafetensors(bytes).tensors)) {
    const names = path.split(".");
    const last = names.pop()!;
    let record = root;
    for (const name of names) {
      record[name] ??= {};
      record = record[name] as typeof root;
    }
    record[last] = tensor;
  }
  return root as unknown as Variables<HostArray>;
}
