// The files that advice is asked on: kept in this browser by name and digest, so that a reload finds them; and the sample.

import { digestOf } from "../../shell/digest.ts";

/** A file that was chosen. */
export interface DataFile {
  /** In the address. */
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** How many files are kept: the last ones that were chosen. */
const capacity = 8;

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

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function withFiles<T>(mode: IDBTransactionMode, use: (files: IDBObjectStore) => Promise<T>): Promise<T> {
  const opening = indexedDB.open("hooke-files", 1);
  opening.onupgradeneeded = () =>
    opening.result.createObjectStore("files", { keyPath: "id" }).createIndex("time", "time");
  const database = await settled(opening);
  try {
    return await use(database.transaction("files", mode).objectStore("files"));
  } finally {
    database.close();
  }
}

/** Keeps a file. The same text under the same name is the same file. */
export async function keepFile(name: string, text: string): Promise<DataFile> {
  const digest = await digestOf(new TextEncoder().encode(text));
  const file = { id: `${name}-${digest.slice(0, 8)}`, name, text };
  await withFiles("readwrite", async (files) => {
    await settled(files.put({ ...file, time: Date.now() }));
    const oldestFirst = await settled(files.index("time").getAllKeys());
    await Promise.all(oldestFirst.slice(0, -capacity).map((id) => settled(files.delete(id))));
  });
  return file;
}

/** @throws where it is no longer kept */
export async function loadFile(id: string): Promise<DataFile> {
  if (id === sample.id) return sampleFile();
  const file = await withFiles("readonly", (files) => settled<DataFile | undefined>(files.get(id)));
  if (file === undefined) {
    throw new Error(
      `The file "${id}" is not kept in this browser: an address holds the name of a file, not what is in it, and the last ${capacity} are kept. Choose it again.`,
    );
  }
  return file;
}
