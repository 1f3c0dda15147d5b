// The zip file of Keras 3, ".keras": the model as JSON, and its weights as an HDF5 file.
import { fail } from "@hooke/runtime";
import { inflate } from "../inflate.ts";
import { checkEntry, readZip } from "../zip/read-zip.ts";

const entryName = "model.weights.h5";

/** The HDF5 file inside. */
export async function weightsOfArchive(bytes: Uint8Array, who: string, limit: number): Promise<Uint8Array> {
  const entries = readZip(bytes, who);
  const entry = entries.find(({ name }) => name === entryName);
  if (entry === undefined) {
    return fail(
      who,
      `is a zip file without ${entryName}, which model.save("model.keras") of Keras 3 writes. Save the model so.`,
      "unsupported",
    );
  }
  const content = entry.deflated
    ? await inflate(entry.stored, {
        who,
        what: `entry "${entryName}"`,
        format: "deflate-raw",
        startSize: 8,
        limit,
        sizeOf: () => entry.size,
      })
    : entry.stored;
  checkEntry(entry, content, who);
  return content;
}
