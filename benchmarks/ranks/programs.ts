// The programs that are measured, started here or by mpirun: each prints a line of JSON for what it found.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Work } from "./cost.ts";
import type { Took, Asked as Training } from "./train.ts";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A training, and sums over ranks as @hooke/distributed-mpi makes them. */
const programs = {
  train: here("train.ts"),
  sums: here("../../packages/distributed-mpi/src/node/sums.fixture.ts"),
} as const;

/** How a program is started. */
export interface Start {
  /** What stands before `node`. Default nothing: one process. */
  readonly launcher?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Ranks of Open MPI on this machine. */
export const onThisMachine = (ranks: number): readonly string[] => ["mpirun", "-n", String(ranks)];

/** Ranks on as many machines, which are made of this one. @param rate of their links, Mb/s */
export const onMachines = (ranks: number, rate: number): readonly string[] => [
  "sh",
  here("machines.sh"),
  String(ranks),
  String(rate),
];

/** Sums that are asked for. */
export interface Sums {
  /** Numbers of each. */
  readonly counts: readonly number[];
  /** Whether they are f64, as statistics of batches are; f32 else, as gradients. */
  readonly wide?: boolean;
  readonly repetitions: number;
}

/** A sum as one of so many ranks makes it. */
export interface Counted extends Work {
  readonly ranks: number;
  readonly count: number;
}

/** What a sum took the slowest rank at best, and of two ranks the exchange of all its numbers; in milliseconds. */
export interface Timed {
  readonly ranks: number;
  readonly count: number;
  readonly sum: number;
  readonly exchange: number;
}

/** What one of so many ranks does in sums: messages are counted, adding up is timed. */
export const countSums = (asked: Sums & { readonly ranks: readonly number[] }): Promise<Counted[]> =>
  found("sums", asked);

/** What sums take the ranks that are started. */
export const timeSums = (asked: Sums, start: Start): Promise<Timed[]> => found("sums", asked, start);

/** What an update takes each rank that is started. */
export const timeUpdates = (asked: Training, start?: Start): Promise<Took[]> => found("train", asked, start);

/** Runs a program of one thread to its end. @returns what it printed */
async function found<T>(
  program: keyof typeof programs,
  asked: unknown,
  { launcher = [], env = {} }: Start = {},
): Promise<T[]> {
  const [command, ...given] = [...launcher, process.execPath, programs[program], JSON.stringify(asked)];
  const root = { OMPI_ALLOW_RUN_AS_ROOT: "1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1" };
  const { stdout } = await promisify(execFile)(command!, given, {
    env: { ...process.env, ...root, HOOKE_THREADS: "1", ...env },
  });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}
