// Texts of any length, in memory that is empty at first: where one of them cannot be read, the library frees the others, and whatever
// else it finds in their places.
import { fail } from "@hooke/runtime";
import type { OpenHdf5 } from "./library.ts";

/** Bytes of a place in the library's memory. */
const pointerSize = 4;

/**
 * The texts of a dataset, or of an attribute of an object.
 *
 * @param what names it in errors
 * @param attribute `""` for the dataset itself
 * @param count of elements
 */
export function readTexts(
  { module, id, ask, who }: OpenHdf5,
  what: string,
  path: string,
  attribute: string,
  count: number,
): readonly string[] {
  const size = count * pointerSize;
  if (size === 0) return [];
  const place = module._malloc(size);
  if (place === 0) fail(who, `${what} takes ${size} bytes, which h5wasm does not have.`, "out-of-memory");
  module.HEAPU8.fill(0, place, place + size);
  try {
    ask(what, () =>
      attribute === ""
        ? module.get_dataset_data(id, path, null, null, null, BigInt(place))
        : module.get_attribute_data(id, path, attribute, BigInt(place)),
    );
    const memory = module.HEAPU8;
    const view = new DataView(memory.buffer);
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return Array.from({ length: count }, (_, i) => {
      const start = view.getUint32(place + i * pointerSize, true);
      return start === 0 ? "" : decoder.decode(memory.subarray(start, memory.indexOf(0, start)));
    });
  } finally {
    module.reclaim_vlen_memory(id, path, attribute, BigInt(place));
    module._free(place);
  }
}
