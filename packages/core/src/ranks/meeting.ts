// Meetings: before ranks exchange anything, each says what it is about to do, whether it is to stop, or that it cannot go on.
import { HookeError } from "@hooke/runtime";
import type { Communicator } from "./communicator.ts";

/** What ranks meet for. */
export type Purpose = "begin" | "statistics" | "batch" | "prediction" | "checkpoint" | "end" | "failure" | "departure";

const purposes: readonly Purpose[] = [
  ...(["begin", "statistics", "batch", "prediction", "checkpoint", "end", "failure", "departure"] as const),
];

/** The meetings of one training. */
export interface Meetings {
  /**
   * Waits for all ranks.
   *
   * @param number of what is met for, such as that of the batch
   * @throws on all ranks, if one has failed, has left or is about to do something else
   */
  meet(purpose: Purpose, number: number): Promise<void>;
  /** Tells the others of an error of this rank. @returns what all ranks throw: the error of the first rank that has one of its own */
  failed(error: unknown): Promise<unknown>;
  /** Tells the others, if they do not know, that this rank goes on no longer. */
  leave(): Promise<void>;
  /** What each rank says, in the order of ranks. */
  tell(text: string): Promise<readonly string[]>;
}

/** What ranks say when one has failed. */
interface Said {
  readonly message: string;
  readonly code: HookeError["code"] | undefined;
  /** Whether the cause is elsewhere as far as this rank knows. */
  readonly bystander: boolean;
}

/** What a rank says of itself at meetings. */
export interface Self {
  /** Whether it has been asked to stop. */
  stopping(): boolean;
  /** Called at the same meeting on all ranks, once one has been asked to. */
  stop(): void;
  /** Whether an error, which all ranks have, has its cause on another one. */
  innocent(error: unknown): boolean;
}

export function createMeetings(communicator: Communicator, self: Self): Meetings {
  let over: unknown;

  const tell = async (text: string): Promise<readonly string[]> => {
    const all = await communicator.gather(new TextEncoder().encode(text));
    return all.map((bytes) => new TextDecoder().decode(bytes));
  };

  /** What each rank meets for. */
  const meetings = async (purpose: Purpose, number: number) => {
    const own = Float64Array.of(purposes.indexOf(purpose), number, Number(self.stopping()));
    const all = await communicator.gather(new Uint8Array(own.buffer));
    return all.map((bytes) => {
      const [what, at, stops] = new Float64Array(bytes.slice().buffer) as unknown as [number, number, number];
      return { purpose: purposes[what]!, number: at, stops: stops === 1 };
    });
  };

  /** What is thrown on all ranks. */
  const agree = async (error: unknown): Promise<unknown> => {
    const { message, code } = (error instanceof Error ? error : { message: String(error) }) as HookeError;
    const own: Said = { message, code, bystander: error === undefined || self.innocent(error) };
    const all = (await tell(JSON.stringify(own))).map((text) => JSON.parse(text) as Said);
    const culprit = Math.max(
      0,
      all.findIndex(({ bystander }) => !bystander),
    );
    const said = all[culprit]!;
    const alike = all.every(({ message: other }) => other === said.message);
    const text = alike ? said.message : `rank ${culprit} of ${communicator.size}: ${said.message}`;
    over =
      alike && error instanceof HookeError
        ? error
        : new HookeError(text, { ...(said.code && { code: said.code }), cause: error });
    return over;
  };

  return {
    tell,
    async meet(purpose, number) {
      if (over !== undefined) throw over;
      const all = await meetings(purpose, number);
      const is = (what: Purpose): boolean => all.some((other) => other.purpose === what);
      // Who has left does not say why.
      if (is("failure") && !is("departure")) throw await agree(undefined);
      if (all.some((other) => other.purpose !== purpose || other.number !== number)) {
        const doing = ({ purpose: what, number: at }: { purpose: Purpose; number: number }): string =>
          what === "departure" ? "has left the training" : `is at ${what} ${at}`;
        // The first rank that does something else than rank 0, whoever asks.
        const other = all.findIndex(
          ({ purpose: what, number: at }) => what !== all[0]!.purpose || at !== all[0]!.number,
        );
        over = new HookeError(
          `ranks: rank 0 ${doing(all[0]!)}, rank ${other} ${doing(all[other]!)}. All ranks must run the same program ` +
            "to its end: what only some of them do, such as writing files, must not end or prolong their training.",
          { code: "mismatch" },
        );
        throw over;
      }
      if (all.some(({ stops }) => stops)) self.stop();
    },
    async failed(error) {
      if (over !== undefined) return over;
      const all = await meetings("failure", 0);
      if (all.some(({ purpose }) => purpose === "departure")) {
        over = error;
        return error;
      }
      return agree(error);
    },
    async leave() {
      if (over !== undefined) return;
      over = new HookeError("ranks: this rank has left the training.", { code: "mismatch" });
      await meetings("departure", 0);
    },
  };
}
