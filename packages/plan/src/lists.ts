// Lists by what they belong to: readers of a value, kernels that write an array.

/** Adds an item to the list of a key, or begins one. */
export function addTo<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
