// Which rows of a batch each rank has: ranges that follow one another in the order of ranks, and differ by one row at most.

/** The range of `count` rows that a rank has, such as those of a batch: from `first` to before `end`. */
export function spanOf(count: number, rank: number, size: number): readonly [first: number, end: number] {
  return [Math.floor((rank * count) / size), Math.floor(((rank + 1) * count) / size)];
}
