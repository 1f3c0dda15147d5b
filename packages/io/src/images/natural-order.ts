// The order of files: as people number them, and the same on every machine.

/**
 * Compares paths folder by folder: numbers by their value (`slice2` before `slice10`), all else by character codes, so that no
 * language of a machine changes it. Paths that are alike so far (`1`, `01`) by character codes.
 */
export function naturalOrder(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareNames(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return left.length - right.length || compareCodes(a, b);
}

const compareCodes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function compareNames(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [one, other] = [left[i]!, right[i]!];
    // Every second part is a number, of any length.
    const order = (i % 2 === 1 && one.length - other.length) || compareCodes(one, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const partsOf = (name: string): string[] =>
  name.split(/(\d+)/).map((part, i) => (i % 2 === 1 ? part.replace(/^0+(?=\d)/, "") : part));
