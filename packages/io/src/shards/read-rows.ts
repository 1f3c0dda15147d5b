// Rows of all shards by number: each read alone, or in pieces that are held for a while.
import type { StreamedArray } from "@hooke/data";
import { type HostArray, sizeOf, zeros } from "@hooke/runtime";
import { holdPieces } from "./held-pieces.ts";
import { pieceOrder } from "./piece-order.ts";
import type { Shard } from "./shard.ts";

/** Rows of a shard that stand together, and the number of the first among those of all shards. */
interface Piece {
  readonly shard: Shard;
  readonly from: number;
  readonly to: number;
  readonly first: number;
}

/** Processes that share every batch, and its rows. */
export interface SharedReading {
  readonly size: number;
  readonly batchSize: number;
}

type Rows = Omit<StreamedArray, "checksum">;

/** Readings that run at a time. */
const together = 16;
/** Bytes that are read at once where rows stand together, about. */
const pieceBytes = 2 ** 20;

/** Rows are read alone, and those that stand together at once. @param shards all alike */
export function readAlone(shards: readonly Shard[]): Rows {
  const { shape, dtype, bytes } = kindOf(shards);
  const starts = startsOf(shards.map(({ rows }) => rows));
  return {
    shape,
    dtype,
    async read(rows, signal) {
      const out = zeros([rows.length, ...shape.slice(1)], dtype);
      const places = Int32Array.from(rows.keys()).sort((a, b) => rows[a]! - rows[b]!);
      const runs: { readonly piece: Piece; readonly places: Int32Array }[] = [];
      const most = Math.max(1, Math.floor(pieceBytes / bytes));
      for (let at = 0; at < places.length; ) {
        const first = rows[places[at]!]!;
        const index = partOf(starts, first);
        const end = Math.min(starts[index + 1]!, first + most);
        const start = at;
        let last = first;
        // The same row may be asked for twice.
        while (++at < places.length && rows[places[at]!]! <= last + 1 && rows[places[at]!]! < end)
          last = rows[places[at]!]!;
        const from = first - starts[index]!;
        const piece = { shard: shards[index]!, from, to: from + last - first + 1, first };
        runs.push({ piece, places: places.subarray(start, at) });
      }
      for (let at = 0; at < runs.length; at += together) {
        signal?.throwIfAborted();
        const some = runs.slice(at, at + together).map(async (run) => {
          const { shard, from, to, first } = run.piece;
          const values = await shard.readInputs(from, to, signal);
          for (const place of run.places) copyRow(values, rows[place]! - first, out, place);
        });
        await Promise.all(some);
      }
      return out;
    },
  };
}

/**
 * Rows are read in pieces, which are held while they are mixed.
 *
 * @param shards all alike
 * @param memory bytes of pieces that are held: those of two mixtures
 * @param ranks which files each process reads follows from how many there are
 */
export function readInPieces(shards: readonly Shard[], memory: number, ranks: SharedReading): Rows {
  const { shape, dtype, bytes } = kindOf(shards);
  const most = Math.max(1, Math.floor(pieceBytes / bytes));
  const pieces: Piece[] = [];
  let count = 0;
  for (const shard of shards) {
    const { rows } = shard;
    const sizes =
      shard.groups ?? Array.from({ length: Math.ceil(rows / most) }, (_, i) => Math.min(most, rows - i * most));
    let from = 0;
    for (const size of sizes) {
      if (size > 0) pieces.push({ shard, from, to: from + size, first: count });
      from += size;
      count += size;
    }
  }
  const starts = startsOf(pieces.map(({ from, to }) => to - from));
  const bytesOf = (index: number): number => (starts[index + 1]! - starts[index]!) * bytes;
  const held = holdPieces(
    // Without the signal: a piece may serve another reading, too.
    (index) => {
      const { shard, from, to } = pieces[index]!;
      return shard.readInputs(from, to);
    },
    bytesOf,
    memory,
  );
  const lanes = lanesOf(shards, ranks.size);
  return {
    shape,
    dtype,
    order: pieceOrder({
      pieces: pieces.map(({ shard }, i) => ({ bytes: bytesOf(i), lane: lanes[shards.indexOf(shard)]! })),
      pieceOf: (row) => partOf(starts, row),
      mixed: memory / 2,
      lanes: ranks.size,
      batchSize: ranks.batchSize,
    }),
    async read(rows, signal) {
      const parts = Int32Array.from(rows, (row) => partOf(starts, row));
      const needed = [...new Set(parts)];
      const values = new Map((await held(needed)).map((found, i) => [needed[i]!, found]));
      signal?.throwIfAborted();
      const out = zeros([rows.length, ...shape.slice(1)], dtype);
      rows.forEach((row, place) => {
        const part = parts[place]!;
        copyRow(values.get(part)!, row - starts[part]!, out, place);
      });
      return out;
    },
  };
}

/** The lane of each shard: of the largest that is left, the one with the fewest rows so far. */
function lanesOf(shards: readonly Shard[], size: number): Int32Array {
  const lanes = new Int32Array(shards.length);
  const rows = new Float64Array(size);
  const largestFirst = [...shards.keys()].sort((a, b) => shards[b]!.rows - shards[a]!.rows || a - b);
  for (const shard of largestFirst) {
    const lane = rows.indexOf(Math.min(...rows));
    lanes[shard] = lane;
    rows[lane] = rows[lane]! + shards[shard]!.rows;
  }
  return lanes;
}

/** Shape and dtype of all rows, and bytes of one. */
function kindOf(shards: readonly Shard[]) {
  const [{ row, dtype }] = shards as [Shard];
  const shape = [shards.reduce((sum, { rows }) => sum + rows, 0), ...row];
  return { shape, dtype, bytes: Math.max(1, sizeOf(row)) * zeros([0], dtype).data.BYTES_PER_ELEMENT };
}

/** Where parts of these sizes start, and where the last ends. */
function startsOf(sizes: readonly number[]): Int32Array {
  const starts = new Int32Array(sizes.length + 1);
  for (const [i, size] of sizes.entries()) starts[i + 1] = starts[i]! + size;
  return starts;
}

/** The part that a row stands in. */
function partOf(starts: Int32Array, row: number): number {
  let [low, high] = [0, starts.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

function copyRow(from: HostArray, row: number, to: HostArray, place: number): void {
  const width = sizeOf(from.shape.slice(1));
  to.data.set(from.data.subarray(row * width, (row + 1) * width), place * width);
}
