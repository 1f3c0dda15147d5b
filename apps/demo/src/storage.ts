// The last checkpoint, kept in IndexedDB so that a reload loses nothing.
import type { Curves, Points } from "./messages.ts";

export interface Saved {
  /** The settings it belongs to, as in the address. */
  readonly hash: string;
  readonly bytes: Uint8Array;
  readonly step: number;
  readonly finished: boolean;
  readonly digest: string;
  readonly curves: Curves;
  readonly parity: Points;
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function withStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open("hooke-demo", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("checkpoint");
  const database = await settled(opening);
  try {
    return await settled(use(database.transaction("checkpoint", mode).objectStore("checkpoint")));
  } finally {
    database.close();
  }
}

export const load = (): Promise<Saved | undefined> => withStore("readonly", (store) => store.get("last"));
export const save = (saved: Saved): Promise<unknown> => withStore("readwrite", (store) => store.put(saved, "last"));
export const clear = (): Promise<unknown> => withStore("readwrite", (store) => store.delete("last"));
