// Keeps the last checkpoint in IndexedDB, which workers have and which survives a reload.

const store = "checkpoints";

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("hooke", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(store);
  return settled(request);
}

/** Replaces what is kept under a name, in one transaction: a reload leaves the old bytes or the new ones. */
export async function keep(name: string, bytes: Uint8Array): Promise<void> {
  const database = await open();
  const transaction = database.transaction(store, "readwrite");
  transaction.objectStore(store).put(bytes, name);
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  database.close();
}

/** What is kept under a name. */
export async function kept(name: string): Promise<Uint8Array | undefined> {
  const database = await open();
  const bytes = await settled(database.transaction(store).objectStore(store).get(name));
  database.close();
  return bytes;
}
