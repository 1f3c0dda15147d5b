// Files of crystals and of molecules in space as a table: what the advisor reads, and what its models predict for.
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { displayPath, fileSystemError } from "@hooke/data/node";
import { type AtomStructure, parseCif, parsePoscar } from "@hooke/layers-graph";
import { atomTable } from "@hooke/model-advisor/graphs";
import { fail, HookeError } from "@hooke/runtime";
import type { Streams } from "./command.ts";
import type { Folder, ReadFiles } from "./folders.ts";
import { statusLine } from "./terminal.ts";

/** A row for each file that holds one ordered structure; the others are left out, and it is said why. @throws where none does */
export async function structuresIn(
  { path }: Folder,
  files: readonly string[],
  cutoff: number | undefined,
  streams: Streams,
): Promise<ReadFiles> {
  const line = statusLine(streams);
  const [structures, read, refused]: [AtomStructure[], string[], string[]] = [[], [], []];
  try {
    for (const [i, file] of files.entries()) {
      line.show(`reading structures: ${i + 1} of ${files.length}`);
      streams.signal.throwIfAborted();
      const text = await readFile(join(path, file), "utf8").catch((error: unknown) => {
        throw fileSystemError("hooke", "read", displayPath(join(path, file)), error);
      });
      try {
        structures.push({ ...parsed(file, text), name: file });
        read.push(file);
      } catch (error) {
        if (!(error instanceof HookeError)) throw error;
        refused.push(`${file}: ${error.message}`);
      }
    }
  } finally {
    line.clear();
  }
  const shown = refused.slice(0, 3).map((reason) => `\n  ${reason}`);
  const more = refused.length > 3 ? `\n  and ${refused.length - 3} more` : "";
  if (structures.length === 0) {
    return fail(displayPath(path), `holds no structure that can be read:${shown.join("")}${more}`, "invalid-data");
  }
  if (refused.length > 0) {
    const what = `${refused.length} of ${files.length} structures cannot be read, and ${refused.length === 1 ? "is" : "are"} left out`;
    streams.messages.write(`Note: ${what}:${shown.join("")}${more}\n`);
  }
  const table = atomTable(structures, { source: displayPath(path), ...(cutoff !== undefined && { cutoff }) });
  return { table, files: read };
}

const parsed = (file: string, text: string): AtomStructure =>
  /\.cif$/i.test(basename(file)) ? parseCif(text) : parsePoscar(text);
