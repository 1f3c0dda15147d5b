// The nearest rows of a matrix, by comparing with every one.

/** Rows as points, `[count, width]`. */
export interface Points {
  readonly data: Float64Array;
  readonly count: number;
  readonly width: number;
}

/** The nearest points to one, the nearest first; of equally near ones the first. */
export interface Nearest {
  readonly rows: Int32Array;
  /** Squared. */
  readonly distances: Float64Array;
}

/**
 * @param query holds the point asked for, from `at` on
 * @param unlike rows of this group are not looked at. Default: all are
 */
export function nearestTo(
  points: Points,
  query: Float64Array,
  at: number,
  wanted: number,
  unlike?: { readonly groups: Int32Array; readonly group: number },
): Nearest {
  const { data, count, width } = points;
  const rows = new Int32Array(wanted).fill(-1);
  const distances = new Float64Array(wanted).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < count; row++) {
    if (unlike !== undefined && unlike.groups[row] === unlike.group) continue;
    let distance = 0;
    for (let j = 0, from = row * width; j < width; j++) {
      const difference = data[from + j]! - query[at + j]!;
      distance += difference * difference;
    }
    if (distance >= distances[wanted - 1]!) continue;
    let place = wanted - 1;
    for (; place > 0 && distances[place - 1]! > distance; place--) {
      distances[place] = distances[place - 1]!;
      rows[place] = rows[place - 1]!;
    }
    distances[place] = distance;
    rows[place] = row;
  }
  return { rows, distances };
}
