// Files that a visitor has chosen: kept in this browser by name and digest, so that a reload finds them.
import { digestOf } from "./digest.ts";

/** A file that was chosen. */
export interface DataFile {
  /** In the address. */
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** How many files are kept: the last ones that were chosen. */
const capacity = 8;

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
export async function loadKept(id: string): Promise<DataFile> {
  const file = await withFiles("readonly", (files) => settled<DataFile | undefined>(files.get(id)));
  if (file === undefined) {
    throw new Error(
      `The file "${id}" is not kept in this browser: an address holds the name of a file, not what is in it, and the last ${capacity} are kept. Choose it again.`,
    );
  }
  return file;
}
