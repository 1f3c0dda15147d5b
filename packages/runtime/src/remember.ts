// Work that is done once for each key.

/** What is made for a key, by whoever asks first. What fails is tried again by who asks again. */
export function remember<K, T>(known: Map<K, Promise<T>>, key: K, make: () => Promise<T>): Promise<T> {
  let made = known.get(key);
  if (made === undefined) {
    made = make();
    known.set(key, made);
    made.catch(() => known.delete(key));
  }
  return made;
}
