// Ranks connected by MPI: meetings that leave timers and signals running, and sums in the order of ranks.
import type { Communicator } from "@hooke/core/ranks";
import { fail } from "@hooke/runtime";
import { allocate, type Mpi } from "./functions.ts";

/** Bytes that a meeting carries for each rank: a length, then what fits beside it. */
const slot = 64;
const inline = slot - 8;
/** What a process says that ends its program, in place of a length. */
const ending = -1;
/** Bytes of a piece that is summed at once, in all and for each rank, at least: it stays in a processor's cache, and messages are not small. */
const piece = (size: number): number => Math.max(2 ** 21, size * 2 ** 16);
/** Sums of so few bytes are gathered whole: more bytes, and one exchange of few messages instead of two of as many as there are ranks. */
const small = 2 ** 13;

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

/** What is wrong where a rank ends its program while others train. */
export const endedAlone = (rank: number, size: number): string =>
  `rank ${rank} of ${size} has ended, and others are at a training that needs it. All ranks call fit, as often; only what prints and ` +
  "writes files is for rank 0 alone.";

/** What connects the ranks of a program until it ends. */
export interface Connection extends Communicator {
  /** Waits for all ranks. @returns whether they end as well; where one is at a training, it would wait for this one for ever */
  end(): boolean;
}

/** @param watch is told when a training begins, and when it ends */
export function communicatorOf(mpi: Mpi, watch: Pick<Communicator, "open" | "close">): Connection {
  const { rank, size } = mpi;
  const own = allocate(slot);
  const all = allocate(slot * size);
  /** Begins to say the number, and what follows it. @returns asks whether all have said theirs */
  const beginSaying = (count: number): (() => boolean) => {
    new DataView(own.bytes.buffer).setFloat64(0, count, true);
    return mpi.beginAllgather(own, slot, all);
  };
  const said = (): number[] => {
    const view = new DataView(all.bytes.buffer);
    return Array.from({ length: size }, (_, r) => view.getFloat64(slot * r, true));
  };

  const gather = async (bytes: Uint8Array): Promise<readonly Uint8Array[]> => {
    own.bytes.set(bytes.subarray(0, inline), 8);
    await until(beginSaying(bytes.length));
    const counts = said();
    if (counts.includes(ending)) fail("mpi", endedAlone(counts.indexOf(ending), size), "mismatch");
    if (counts.every((count) => count <= inline)) {
      return counts.map((count, r) => all.bytes.slice(slot * r + 8, slot * r + 8 + count));
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
    mpi.allgatherv(bytes, bytes.length, received, Int32Array.from(counts), starts);
    return counts.map((count, r) => received.subarray(starts[r], starts[r]! + count));
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
      if (values.byteLength <= small) {
        const received = make(length * size);
        mpi.allgather(values, values.byteLength, received);
        addUp(values, rank, received, size);
        return;
      }
      const most = Math.min(Math.ceil(piece(size) / width / size), Math.ceil(length / size));
      const received = make(most * size);
      for (let at = 0; at < length; at += most * size) {
        const part = Math.min(most, Math.ceil((length - at) / size));
        const whole = part * size;
        if (at + whole <= length) {
          sumPiece(values.subarray(at, at + whole), received, part);
          continue;
        }
        const padded = make(whole);
        padded.set(values.subarray(at));
        sumPiece(padded, received, part);
        values.set(padded.subarray(0, length - at), at);
      }
    },
    end() {
      const done = beginSaying(ending);
      const clock = new Int32Array(new SharedArrayBuffer(4));
      while (!done()) Atomics.wait(clock, 0, 0, 1);
      return said().every((count) => count === ending);
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
  const block = 2048;
  const sums = new Float64Array(Math.min(block, length));
  for (let from = 0; from < length; from += block) {
    const to = Math.min(from + block, length);
    const termsOf = (part: number) =>
      part === rank ? own.subarray(from, to) : received.subarray(part * length + from, part * length + to);
    sums.fill(0);
    let part = 0;
    // Four terms at a time: sums are loaded and stored less often.
    for (; part + 4 <= count; part += 4) {
      const [a, b, c, d] = [termsOf(part), termsOf(part + 1), termsOf(part + 2), termsOf(part + 3)];
      for (let i = 0; i < to - from; i++) sums[i] = sums[i]! + a[i]! + b[i]! + c[i]! + d[i]!;
    }
    for (; part < count; part++) {
      const terms = termsOf(part);
      for (let i = 0; i < to - from; i++) sums[i] = sums[i]! + terms[i]!;
    }
    own.set(sums.subarray(0, to - from), from);
  }
}
