// Ranks connected by MPI: meetings that leave timers and signals running, and sums in the order of ranks.
import type { Communicator } from "@hooke/core/ranks";
import { fail } from "@hooke/runtime";
import { allocate, type Mpi } from "./functions.ts";

/** Bytes that a meeting carries for each rank: a length, then what fits beside it. */
const slot = 64;
const inline = slot - 4;
/** Bytes of a piece that is summed at once, in all and for each rank, at least: it stays in a processor's cache, and messages are not small. */
const piece = (size: number): number => Math.max(2 ** 21, size * 2 ** 16);
/** Sums of so few bytes over all ranks are gathered whole, in one exchange instead of two. */
const small = 2 ** 14;

/** Waits first by asking, then lets the event loop turn, then sleeps in between. */
async function until(done: () => boolean): Promise<void> {
  const began = performance.now();
  let waited = 0;
  while (!done()) {
    if (waited < 0.05) waited = performance.now() - began;
    else if (waited < 5) {
      await new Promise((resolve) => setImmediate(resolve));
      waited = performance.now() - began;
    } else await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** @param watch is told when a training begins, and when it ends */
export function communicatorOf(mpi: Mpi, watch: Pick<Communicator, "open" | "close">): Communicator {
  const { rank, size } = mpi;
  const own = allocate(slot);
  const all = allocate(slot * size);

  const gather = async (bytes: Uint8Array): Promise<readonly Uint8Array[]> => {
    new DataView(own.bytes.buffer).setUint32(0, bytes.length, true);
    own.bytes.set(bytes.subarray(0, inline), 4);
    await until(mpi.beginAllgather(own, slot, all));
    const view = new DataView(all.bytes.buffer);
    const counts = Int32Array.from({ length: size }, (_, r) => view.getUint32(slot * r, true));
    if (counts.every((count) => count <= inline)) {
      return Array.from(counts, (count, r) => all.bytes.slice(slot * r + 4, slot * r + 4 + count));
    }
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total >= 2 ** 31)
      fail(
        "mpi",
        `ranks exchange ${total} bytes at once; MPI takes less than 2 GiB. Predict fewer rows.`,
        "unsupported",
      );
    const starts = new Int32Array(size);
    for (let r = 1; r < size; r++) starts[r] = starts[r - 1]! + counts[r - 1]!;
    const received = new Uint8Array(total);
    mpi.allgatherv(bytes, bytes.length, received, counts, starts);
    return Array.from(counts, (count, r) => received.subarray(starts[r], starts[r]! + count));
  };

  const others = Int32Array.from({ length: size }, (_, r) => Number(r !== rank));
  /** Sums a piece whose parts are of this length: each rank adds up its own part of all pieces, and gives it to the others. */
  const sumPiece = <A extends Float32Array | Float64Array>(values: A, received: A, length: number): void => {
    const bytes = length * values.BYTES_PER_ELEMENT;
    const counts = others.map((other) => other * bytes);
    const starts = others.map((_, r) => r * bytes);
    mpi.alltoallv(values, received, counts, starts);
    const own = values.subarray(rank * length, (rank + 1) * length);
    addUp(own, rank, received, size);
    mpi.allgatherInPlace(values, bytes);
  };

  return {
    rank,
    size,
    gather,
    async sum(values) {
      const make = (length: number) => new (values.constructor as Float64ArrayConstructor)(length) as typeof values;
      const { BYTES_PER_ELEMENT: width, length } = values;
      if (values.byteLength * size <= small) {
        const received = make(length * size);
        mpi.allgather(values, values.byteLength, received);
        addUp(values, rank, received, size);
        return;
      }
      const part = Math.min(Math.ceil(piece(size) / width / size), Math.ceil(length / size));
      const whole = part * size;
      const received = make(whole);
      let at = 0;
      for (; at + whole <= length; at += whole) sumPiece(values.subarray(at, at + whole), received, part);
      if (at === length) return;
      const rest = make(whole);
      rest.set(values.subarray(at));
      sumPiece(rest, received, part);
      values.set(rest.subarray(0, length - at), at);
    },
    open: watch.open,
    close: watch.close,
  };
}

/**
 * `own[i]` becomes the sum of element `i` of all parts, in the order of ranks, in f64.
 *
 * @param own the part of this rank, which has no place among those it received
 */
function addUp(
  own: Float32Array | Float64Array,
  rank: number,
  received: Float32Array | Float64Array,
  count: number,
): void {
  const { length } = own;
  if (count === 2) {
    // Of two terms the order makes no difference.
    const other = received.subarray((1 - rank) * length, (2 - rank) * length);
    for (let i = 0; i < length; i++) own[i] = own[i]! + other[i]!;
    return;
  }
  const block = 4096;
  const sums = new Float64Array(Math.min(block, length));
  for (let from = 0; from < length; from += block) {
    const to = Math.min(from + block, length);
    sums.fill(0);
    for (let part = 0; part < count; part++) {
      const terms = part === rank ? own : received;
      const base = part === rank ? from : part * length + from;
      for (let i = 0; i < to - from; i++) sums[i] = sums[i]! + terms[base + i]!;
    }
    own.set(sums.subarray(0, to - from), from);
  }
}
