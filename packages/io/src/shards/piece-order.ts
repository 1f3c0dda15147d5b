// Shuffled orders in which rows that stand together are read together: as many pieces as memory holds are mixed at a time.
import { spanOf } from "@hooke/core/ranks";
import { permutation } from "@hooke/data";
import { foldHost, type HostArray } from "@hooke/runtime";

/** Rows that stand together, in one of the lanes. */
export interface OrderedPiece {
  /** Bytes of all its rows. */
  readonly bytes: number;
  /** The lane whose process reads it. */
  readonly lane: number;
}

/** How rows are mixed, and dealt to processes. */
export interface PieceOrderOptions {
  readonly pieces: readonly OrderedPiece[];
  /** The piece of a row. */
  readonly pieceOf: (row: number) => number;
  /** Bytes of pieces that are mixed with each other. */
  readonly mixed: number;
  /** Processes that share every batch, each the next part of it. */
  readonly lanes: number;
  readonly batchSize: number;
}

/**
 * An order of rows, drawn from a key: pieces in random order, as many of them as are mixed, one at least, in random order among each other, then
 * the next ones. Of several lanes each has such an order of its own pieces, and every batch takes its parts from them in turn; where one lane has no more
 * rows, batches take what is left of the others.
 *
 * @returns places in the rows, each once
 */
export function pieceOrder(options: PieceOrderOptions): (key: HostArray, rows: Int32Array) => Int32Array {
  const { pieces, pieceOf, lanes } = options;
  return (key, rows) => {
    const places = pieces.map((): number[] => []);
    for (const [place, row] of rows.entries()) places[pieceOf(row)]!.push(place);
    const order = permutation(foldHost(key, "pieces"), pieces.length);
    const orders = Array.from({ length: lanes }, (_, lane) =>
      mixedPlaces(
        foldHost(key, lane),
        [...order].filter((piece) => pieces[piece]!.lane === lane),
        places,
        options,
      ),
    );
    return lanes === 1 ? Int32Array.from(orders[0]!) : dealt(orders, options.batchSize);
  };
}

function mixedPlaces(
  key: HostArray,
  order: readonly number[],
  places: readonly (readonly number[])[],
  { pieces, mixed }: PieceOrderOptions,
): number[] {
  const all: number[] = [];
  let window: number[] = [];
  let bytes = 0;
  const mix = (): void => {
    for (const at of permutation(foldHost(key, all.length), window.length)) all.push(window[at]!);
    window = [];
    bytes = 0;
  };
  for (const piece of order) {
    if (places[piece]!.length === 0) continue;
    if (bytes > 0 && bytes + pieces[piece]!.bytes > mixed) mix();
    window = window.concat(places[piece]!);
    bytes += pieces[piece]!.bytes;
  }
  mix();
  return all;
}

/** Batches whose parts come from the lanes in turn, as ranks share a batch. */
function dealt(orders: readonly (readonly number[])[], batchSize: number): Int32Array {
  const lanes = orders.length;
  const taken = orders.map(() => 0);
  const all: number[] = [];
  const partOf = (lane: number): number => {
    const [first, end] = spanOf(batchSize, lane, lanes);
    return end - first;
  };
  while (orders.every((own, lane) => taken[lane]! + partOf(lane) <= own.length)) {
    for (const [lane, own] of orders.entries()) {
      const next = taken[lane]! + partOf(lane);
      for (let at = taken[lane]!; at < next; at++) all.push(own[at]!);
      taken[lane] = next;
    }
  }
  for (const [lane, own] of orders.entries()) for (let at = taken[lane]!; at < own.length; at++) all.push(own[at]!);
  return Int32Array.from(all);
}
