// Files that pages compute on: those that a visitor has chosen, kept in this browser by name and digest so that a reload finds them, and a sample.
import { digestOf } from "../shell/digest.ts";
import { keptValues } from "./kept.ts";

/** A file that was chosen. */
export interface KeptFile {
  /** In the address. */
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** How many files are kept: the last ones that were chosen. */
const capacity = 8;

const kept = keptValues<KeptFile>("files", capacity);

/** Keeps a file. The same text under the same name is the same file. */
export async function keepFile(name: string, text: string): Promise<KeptFile> {
  const digest = await digestOf(new TextEncoder().encode(text));
  const file = { id: `${name}-${digest.slice(0, 8)}`, name, text };
  await kept.keep(file);
  return file;
}

/** The built-in sample: real, and small. */
export const sample = {
  id: "concrete",
  settings: { data: "concrete", target: "compressive strength", units: "units", delimiter: ",", decimal: "." },
  source: "I-C. Yeh, Cement and Concrete Research 28(12), 1998; UCI Machine Learning Repository, CC BY 4.0",
} as const;

const header = [
  ["cement", "slag", "fly ash", "water", "superplasticizer", "coarse aggregate", "fine aggregate", "age"],
  ["kg/m³", "kg/m³", "kg/m³", "kg/m³", "kg/m³", "kg/m³", "kg/m³", "d"],
];

/** The sample with units in a line of their own. */
async function sampleFile(): Promise<KeptFile> {
  const { default: text } = await import("@hooke/example-concrete/data/concrete.csv?raw");
  const rows = text.slice(text.indexOf("\n") + 1);
  const lines = [`${header[0]!.join(",")},compressive strength`, `${header[1]!.join(",")},MPa`];
  return { id: sample.id, name: "concrete.csv", text: `${lines.join("\n")}\n${rows}` };
}

/** @throws where it is no longer kept */
export async function loadFile(id: string): Promise<KeptFile> {
  if (id === sample.id) return sampleFile();
  const file = await kept.load(id);
  if (file === undefined) {
    throw new Error(
      `The file "${id}" is not kept in this browser: an address holds the name of a file, not what is in it, and the last ${capacity} are kept. Choose it again.`,
    );
  }
  return file;
}
