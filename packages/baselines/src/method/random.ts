// Random numbers on the host, the same on every machine: a stream of words for each name and number drawn from.
import { foldHost, type HostArray, threefry } from "@hooke/runtime";

/** Draws from one stream, one after the other. */
export interface Random {
  /** A number in [0, 1), a multiple of 2^-32. */
  uniform(): number;
  /** A whole number from 0 to, and without, `count`, which is below 2^32; the bias is below `count / 2^32`. */
  below(count: number): number;
  /** `count` rows of `total`, in a random order, none twice. */
  choose(total: number, count: number): Int32Array;
  /** The rows that {@link choose} would give, in increasing order. */
  subset(total: number, count: number): Int32Array;
  /** `count` rows of `total`, in increasing order, each drawn anew: a bootstrap. */
  resample(total: number, count: number): Int32Array;
}

/** The stream of a key and what it is for: `randomFrom(randomKey(0), "tree", 7)`. */
export function randomFrom(key: HostArray, ...purpose: readonly (string | number)[]): Random {
  const { data } = purpose.reduce(foldHost, key);
  const [key0, key1] = [data[0]!, data[1]!];
  let block = 0;
  let kept: number | undefined;
  const word = (): number => {
    if (kept !== undefined) {
      const second = kept;
      kept = undefined;
      return second;
    }
    const [first, second] = threefry(key0, key1, block++, 0);
    kept = second;
    return first;
  };
  const below = (count: number): number => Math.floor((word() / 2 ** 32) * count);
  const choose = (total: number, count: number): Int32Array => {
    const order = new Int32Array(total);
    for (let i = 0; i < total; i++) order[i] = i;
    for (let i = 0; i < count; i++) {
      const j = i + below(total - i);
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    return order.slice(0, count);
  };
  return {
    uniform: () => word() / 2 ** 32,
    below,
    choose,
    // Each tree of a boosting draws one: sorting would take longer than drawing.
    subset(total, count) {
      const isChosen = new Uint8Array(total);
      for (const row of choose(total, count)) isChosen[row] = 1;
      const rows = new Int32Array(count);
      for (let row = 0, at = 0; at < count; row++) if (isChosen[row] === 1) rows[at++] = row;
      return rows;
    },
    resample(total, count) {
      const times = new Int32Array(total);
      for (let i = 0; i < count; i++) times[below(total)]!++;
      const rows = new Int32Array(count);
      for (let row = 0, at = 0; at < count; row++) for (let left = times[row]!; left > 0; left--) rows[at++] = row;
      return rows;
    },
  };
}
