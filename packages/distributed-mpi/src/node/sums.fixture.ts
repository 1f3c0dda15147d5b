// Sums over ranks and what they are made of, for benchmarks/ranks: `node sums.fixture.ts '{"counts": [64], "ranks": [16]}'`. Ranks that mpirun
// started send messages, and time them; a process alone counts those of any number of ranks, and times its own adding up.
import { communicatorOf } from "./communicator.ts";
import { beginMpi, type Mpi } from "./functions.ts";
import { launchOf } from "./launch.ts";
import { libraryFor } from "./library.ts";

/** What is asked for. */
export interface Asked {
  /** Numbers of each sum. */
  readonly counts: readonly number[];
  /** Whether they are f64, as statistics of batches are; f32 else, as gradients. Default false. */
  readonly wide?: boolean;
  /** Each is timed so often, in turns, short ones more often; the shortest time counts. */
  readonly repetitions: number;
  /** For whom a process alone counts. */
  readonly ranks?: readonly number[];
}

/** A sum of so many numbers as one of so many ranks makes it. Times are milliseconds. */
export interface Counted {
  readonly ranks: number;
  readonly count: number;
  /** Messages that it waits for, one after another. */
  readonly messages: number;
  /** Bytes that it sends, and as many that it receives. */
  readonly bytes: number;
  /** All but messages. */
  readonly adding: number;
}

/** What it took the slowest rank. */
export interface Timed {
  readonly ranks: number;
  readonly count: number;
  readonly sum: number;
  /** Of two ranks: all numbers to the other one, and its numbers from there. */
  readonly exchange: number;
}

const { counts, wide = false, repetitions, ranks = [] } = JSON.parse(process.argv[2]!) as Asked;
const Numbers = wide ? Float64Array : Float32Array;
const nothing = { open() {}, close() {} };
/** Sums of few numbers are over soon, and their code is compiled late. */
const turnsOf = (count: number): number => Math.ceil(2 ** 14 / count);
const room = new Numbers(Math.max(...counts));

/** MPI that only counts. Messages that all ranks pass on go through `log2(size)` of them, others through all. */
function counting(size: number): Mpi & { counted(): { messages: number; bytes: number } } {
  let [messages, bytes] = [0, 0];
  const note = (each: number, length: number): void => {
    messages += each;
    bytes += length;
  };
  const refuse = (): never => {
    throw new Error("a sum has no such message");
  };
  return {
    rank: 0,
    size,
    alltoallv: (_from, _to, lengths) =>
      note(
        size - 1,
        lengths.reduce((sum, length) => sum + length, 0),
      ),
    allgather: (_from, length) => note(Math.ceil(Math.log2(size)), (size - 1) * length),
    allgatherInPlace: (_values, length) => note(size - 1, (size - 1) * length),
    allgatherv: refuse,
    beginAllgather: refuse,
    abort: refuse,
    finalize: refuse,
    counted: () => {
      const all = { messages, bytes };
      [messages, bytes] = [0, 0];
      return all;
    },
  };
}

async function count(size: number): Promise<void> {
  const messages = counting(size);
  const { sum } = communicatorOf(messages, nothing);
  const found = counts.map((many) => ({
    ranks: size,
    count: many,
    messages: 0,
    bytes: 0,
    adding: Number.POSITIVE_INFINITY,
  }));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const each of found) {
      const values = room.subarray(0, each.count);
      for (let turn = turnsOf(each.count); turn > 0; turn--) {
        const began = performance.now();
        await sum(values);
        each.adding = Math.min(each.adding, performance.now() - began);
        Object.assign(each, messages.counted());
      }
    }
  }
  for (const each of found satisfies Counted[]) console.log(JSON.stringify(each));
}

async function time(mpi: Mpi): Promise<void> {
  const { rank, size } = mpi;
  const { sum } = communicatorOf(mpi, nothing);
  const received = new Numbers(room.length);
  const took = new Float64Array(1);
  const all = new Float64Array(size);
  /** What the slowest rank took, and all begin anew. */
  const slowest = (): number => {
    mpi.allgather(took, 8, all);
    return Math.max(...all);
  };
  const found = counts.map((many) => ({
    ranks: size,
    count: many,
    sum: Number.POSITIVE_INFINITY,
    exchange: Number.POSITIVE_INFINITY,
  }));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const each of found) {
      const values = room.subarray(0, each.count);
      const others = Int32Array.from({ length: size }, (_, r) => Number(r !== rank) * values.byteLength);
      for (let turn = turnsOf(each.count); turn > 0; turn--) {
        slowest();
        let began = performance.now();
        await sum(values);
        took[0] = performance.now() - began;
        each.sum = Math.min(each.sum, slowest());
        began = performance.now();
        if (size === 2) mpi.alltoallv(values, received, others, new Int32Array(size));
        took[0] = performance.now() - began;
        each.exchange = Math.min(each.exchange, slowest());
      }
    }
  }
  if (rank === 0) for (const each of found satisfies Timed[]) console.log(JSON.stringify(each));
  mpi.finalize();
}

const launch = launchOf(process.env);
if (launch === undefined) for (const size of ranks) await count(size);
else await time(beginMpi(libraryFor(launch, process.env)));
