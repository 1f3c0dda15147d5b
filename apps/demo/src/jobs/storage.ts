// Runs kept in IndexedDB, one for each page and its settings, so that neither a reload nor other settings lose one.
import type { Kept } from "./messages.ts";

/** How many runs of a page are kept: the last ones that were. */
export const capacity = 8;

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Runs `use` in one transaction. What a run goes on from is apart from what is listed, as it may be large. */
async function withStores<T>(
  mode: IDBTransactionMode,
  use: (runs: IDBObjectStore, checkpoints: IDBObjectStore) => Promise<T>,
): Promise<T> {
  const opening = indexedDB.open("hooke-workbench", 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("runs", { keyPath: "address" }).createIndex("time", "time");
    opening.result.createObjectStore("checkpoints");
  };
  const database = await settled(opening);
  try {
    const transaction = database.transaction(["runs", "checkpoints"], mode);
    return await use(transaction.objectStore("runs"), transaction.objectStore("checkpoints"));
  } finally {
    database.close();
  }
}

export const load = (address: string): Promise<Kept | undefined> =>
  withStores("readonly", (runs) => settled<Kept | undefined>(runs.get(address)));

/** What a run goes on from; undefined where none is kept. */
export const loadCheckpoint = (address: string): Promise<unknown> =>
  withStores("readonly", (_, checkpoints) => settled<unknown>(checkpoints.get(address)));

/** @throws where none is kept any more, with what to do */
export async function keptCheckpoint(address: string): Promise<unknown> {
  const checkpoint = await loadCheckpoint(address);
  if (checkpoint !== undefined) return checkpoint;
  throw new Error(
    "The run is no longer kept in this browser: another tab removed or replaced it. Reset, and start anew.",
  );
}

/** The latest first. */
export const loadAll = async (): Promise<Kept[]> =>
  (await withStores("readonly", (runs) => settled<Kept[]>(runs.index("time").getAll()))).reverse();

/**
 * Keeps a run in the place of an earlier state of it; the oldest ones of its page beyond the capacity are dropped.
 *
 * @param checkpoint what it goes on from; undefined leaves the one that is kept
 */
export const save = (run: Omit<Kept, "time">, checkpoint?: unknown): Promise<Kept> =>
  withStores("readwrite", async (runs, checkpoints) => {
    const kept = { ...run, time: Date.now() };
    await settled(runs.put(kept));
    if (checkpoint !== undefined) await settled(checkpoints.put(checkpoint, run.address));
    const all = await settled<Kept[]>(runs.index("time").getAll());
    const dropped = all.filter(({ page }) => page === run.page).slice(0, -capacity);
    await Promise.all(
      dropped.flatMap(({ address }) => [runs.delete(address), checkpoints.delete(address)]).map(settled),
    );
    return kept;
  });

export const remove = (address: string): Promise<unknown> =>
  withStores("readwrite", (runs, checkpoints) =>
    Promise.all([runs.delete(address), checkpoints.delete(address)].map(settled)),
  );
