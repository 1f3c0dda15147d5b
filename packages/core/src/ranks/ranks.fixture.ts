// Ranks in one process, for tests: as many communicators as one likes, which meet in memory.
import type { Communicator } from "./communicator.ts";

interface Round {
  readonly given: Uint8Array[];
  readonly done: ((all: readonly Uint8Array[]) => void)[];
}

/** Communicators that hear of one another. */
export function communicators(size: number): readonly Communicator[] {
  const rounds: Round[] = [];
  return Array.from({ length: size }, (_, rank): Communicator => {
    let round = 0;
    const gather = async (bytes: Uint8Array): Promise<readonly Uint8Array[]> => {
      const own = rounds[round] ?? { given: [], done: [] };
      rounds[round++] = own;
      own.given[rank] = bytes.slice();
      return new Promise((resolve) => {
        own.done.push(resolve);
        if (own.done.length === size) for (const done of own.done) done(own.given);
      });
    };
    return {
      rank,
      size,
      gather,
      async sum(values) {
        const all = await gather(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
        const Kind = values.constructor as typeof Float32Array;
        const terms = all.map((bytes) => new Kind(bytes.slice().buffer));
        for (let i = 0; i < values.length; i++) values[i] = terms.reduce((sum, term) => sum + term[i]!, 0);
      },
      open() {},
      close() {},
    };
  });
}
