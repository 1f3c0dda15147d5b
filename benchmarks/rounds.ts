// The measuring: participants take turns at every measurement, round after round, so that a drifting load meets all alike.
import { type Measurement, measurements } from "./measurements.ts";
import { type Participant, type Process, start } from "./participants.ts";
import type { Reply } from "./peers/protocol.ts";

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  /** Samples in each round. */
  readonly samples: number;
  /** Of one sample, in milliseconds. */
  readonly duration: number;
  /** Untimed calls before a participant's first and every later set of samples, in milliseconds. */
  readonly warmUp: readonly [first: number, later: number];
  /** Whether to measure what takes long to set up. */
  readonly long: boolean;
  /** Rounds of what is heavy, of a sample each. Default: all, as all else. */
  readonly heavyRounds?: number;
}

export const thorough: Effort = { rounds: 9, samples: 3, duration: 40, warmUp: [500, 40], long: true };
/** Where WebGPU may run on the processor. */
export const onWebgpu: Effort = { ...thorough, rounds: 3, long: false, heavyRounds: 1 };
/** Shows that everything runs; the numbers mean little. */
export const quick: Effort = { rounds: 1, samples: 1, duration: 2, warmUp: [5, 5], long: false };

/** What was found of one participant. */
export interface Result {
  readonly name: string;
  readonly version: string;
  /** Milliseconds per call, the median of all samples, by task; only the tasks it has. */
  readonly medians: Readonly<Record<string, number>>;
  /** Kernels that a call launches, by task, where they were counted. */
  readonly launches?: Readonly<Record<string, number>>;
  /** Tasks in which it found other numbers than the first participant, with both. */
  readonly disagreements: readonly string[];
}

/** A participant that is not installed here. */
export interface Absence {
  readonly name: string;
  readonly reason: string;
  readonly install: string;
}

export interface Report {
  readonly results: readonly Result[];
  readonly absences: readonly Absence[];
  readonly rounds: number;
}

/** Measures everyone who is installed. */
export async function measure(
  all: readonly Participant[],
  effort: Effort,
  progress: (round: number) => void = () => {},
): Promise<Report> {
  const present: { participant: Participant; process: Process; found: Map<string, Reply> }[] = [];
  const absences: Absence[] = [];
  try {
    for (const participant of all) {
      const process = await start(participant);
      if ("missing" in process) {
        absences.push({ name: participant.name, reason: process.missing, install: participant.install });
      } else present.push({ participant, process, found: new Map() });
    }
    for (let round = 0; round < effort.rounds; round++) {
      progress(round);
      for (const measurement of measurements) {
        if (measurement.long && !effort.long) continue;
        if (measurement.heavy && round >= (effort.heavyRounds ?? effort.rounds)) continue;
        for (const { participant, process, found } of present) {
          if (!process.tasks.includes(measurement.task)) continue;
          const reply = await sample(participant, process, measurement, effort, round);
          const before = found.get(measurement.task)?.samples ?? [];
          found.set(measurement.task, {
            ...found.get(measurement.task),
            ...reply,
            samples: [...before, ...reply.samples],
          });
        }
      }
    }
  } finally {
    for (const { process } of present) process.end();
  }
  const results = present.map(({ participant: { name }, process: { version }, found }) => ({
    name,
    version,
    medians: Object.fromEntries([...found].map(([task, { samples }]) => [task, median(samples)])),
    launches: Object.fromEntries(
      [...found].flatMap(([task, { launches }]) => (launches === undefined ? [] : [[task, launches]])),
    ),
    disagreements: [...found].flatMap(([task, { check }]) => disagreement(task, check, present[0]!.found.get(task))),
  }));
  return { results, absences, rounds: effort.rounds };
}

async function sample(
  participant: Participant,
  process: Process,
  { task, fresh, heavy }: Measurement,
  { samples, duration, warmUp, heavyRounds }: Effort,
  round: number,
): Promise<Reply> {
  if (heavy && heavyRounds !== undefined) return process.ask({ task, samples: 1, duration: 0, warmUp: 0 });
  if (!fresh) return process.ask({ task, samples, duration, warmUp: warmUp[round === 0 ? 0 : 1] });
  // A first call happens once in a process.
  const other = await start(participant);
  if ("missing" in other) throw new Error(`${participant.name} has gone: ${other.missing}`);
  try {
    return await other.ask({ task, samples: 1, duration: 0, warmUp: 0 });
  } finally {
    other.end();
  }
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

function disagreement(task: string, check: readonly number[], reference: Reply | undefined): string[] {
  if (reference === undefined) return [];
  const expected = reference.check;
  // Rounding in another order, over 10 steps or 1,024 terms.
  const close = (a: number, b: number) => Math.abs(a - b) <= 1e-6 + 1e-3 * Math.abs(b);
  const agree = check.length === expected.length && check.every((value, i) => close(value, expected[i]!));
  return agree ? [] : [`${task}: ${check.join(", ")} instead of ${expected.join(", ")}`];
}
