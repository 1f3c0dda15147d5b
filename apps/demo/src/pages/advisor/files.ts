// The files that advice is asked on: those that were chosen, and the sample.
import { type DataFile, loadKept } from "../../shell/files.ts";

/** The built-in sample: real, and small. */
export const sample = {
  id: "concrete",
  settings: { target: "compressive strength", units: "units", delimiter: ",", decimal: "." },
  source: "I-C. Yeh, Cement and Concrete Research 28(12), 1998; UCI Machine Learning Repository, CC BY 4.0",
} as const;

const header = [
  ["cement", "slag", "fly ash", "water", "superplasticizer", "coarse aggregate", "fine aggregate", "age"],
  ["kg/m³", "kg/m³", "kg/m³", "kg/m³", "kg/m³", "kg/m³", "kg/m³", "d"],
];

/** The sample with units in a line of their own. */
async function sampleFile(): Promise<DataFile> {
  const { default: text } = await import("@hooke/example-concrete/data/concrete.csv?raw");
  const rows = text.slice(text.indexOf("\n") + 1);
  const lines = [`${header[0]!.join(",")},compressive strength`, `${header[1]!.join(",")},MPa`];
  return { id: sample.id, name: "concrete.csv", text: `${lines.join("\n")}\n${rows}` };
}

/** @throws where it is no longer kept */
export const loadFile = (id: string): Promise<DataFile> => (id === sample.id ? sampleFile() : loadKept(id));
