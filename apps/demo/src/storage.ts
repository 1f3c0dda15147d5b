// Trainings kept in IndexedDB, one for each combination of settings, so that neither a reload nor other settings lose one.
import type { Curves, Outcome, Points } from "./messages.ts";

export interface Saved {
  /** The settings it belongs to, as in the address. */
  readonly hash: string;
  /** The checkpoint to go on from. As a blob it is read only when it is needed. */
  readonly checkpoint: Blob;
  readonly step: number;
  readonly outcome: Outcome;
  readonly digest: string;
  readonly curves: Curves;
  readonly parity: Points;
  /** When it was saved, in milliseconds since 1970. */
  readonly time: number;
}

/** How many trainings are kept: the last ones that were saved. */
export const capacity = 8;

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Runs `use` in one transaction. */
async function withStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  const opening = indexedDB.open("hooke-demo", 2);
  opening.onupgradeneeded = () =>
    opening.result.createObjectStore("trainings", { keyPath: "hash" }).createIndex("time", "time");
  const database = await settled(opening);
  try {
    return await use(database.transaction("trainings", mode).objectStore("trainings"));
  } finally {
    database.close();
  }
}

export const load = (hash: string): Promise<Saved | undefined> =>
  withStore("readonly", (store) => settled<Saved | undefined>(store.get(hash)));

/** The latest first. */
export const loadAll = async (): Promise<Saved[]> =>
  (await withStore("readonly", (store) => settled<Saved[]>(store.index("time").getAll()))).reverse();

/** Keeps a training in the place of an earlier state of it; the oldest ones beyond the capacity are dropped. */
export const save = (saved: Omit<Saved, "time">): Promise<void> =>
  withStore("readwrite", async (store) => {
    await settled(store.put({ ...saved, time: Date.now() }));
    const oldestFirst = await settled(store.index("time").getAllKeys());
    await Promise.all(oldestFirst.slice(0, -capacity).map((hash) => settled(store.delete(hash))));
  });

export const remove = (hash: string): Promise<unknown> =>
  withStore("readwrite", (store) => settled(store.delete(hash)));
