// Values that a visitor has chosen, kept in this browser: the last ones of a kind.

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export interface KeptValues<T> {
  /** Keeps a value in the place of one with its id. */
  keep(value: T): Promise<void>;
  /** Undefined where it is no longer kept. */
  load(id: string): Promise<T | undefined>;
}

/** @param capacity how many are kept */
export function keptValues<T extends { readonly id: string }>(kind: string, capacity: number): KeptValues<T> {
  async function withStore<R>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => Promise<R>): Promise<R> {
    const opening = indexedDB.open(`hooke-${kind}`, 1);
    opening.onupgradeneeded = () =>
      opening.result.createObjectStore(kind, { keyPath: "id" }).createIndex("time", "time");
    const database = await settled(opening);
    try {
      return await use(database.transaction(kind, mode).objectStore(kind));
    } finally {
      database.close();
    }
  }
  return {
    keep: (value) =>
      withStore("readwrite", async (store) => {
        await settled(store.put({ ...value, time: Date.now() }));
        const oldestFirst = await settled(store.index("time").getAllKeys());
        await Promise.all(oldestFirst.slice(0, -capacity).map((id) => settled(store.delete(id))));
      }),
    load: (id) => withStore("readonly", (store) => settled<T | undefined>(store.get(id))),
  };
}
