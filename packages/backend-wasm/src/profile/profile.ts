// A profile: what each kernel of a program took, and what it takes at least.

import { rowsOf, type Work } from "@hooke/plan/explain";
import type { Program } from "@hooke/runtime";
import { type Cost, costOf, Instructions } from "./cost.ts";
import { type MeasuringEmitter, Meeting } from "./emitter.ts";
import { figuresOf, type ProfileFigures } from "./figures.ts";
import type { KernelProfile } from "./kernel-profile.ts";
import type { Machine, Rates } from "./machine.ts";
import type { Recording, Sample } from "./recording.ts";
import { textOf } from "./text.ts";
import { traceOf } from "./trace.ts";

/** What the runs of a program took. */
export class Profile {
  readonly program: Program;
  /** How many runs the numbers are means of: the faster half of those made. */
  readonly runs: number;
  /** Of a run, with what looking at the clock takes: some 0.1 microseconds a kernel. */
  readonly milliseconds: number;
  /** In the order they run, those of loops behind the loop. */
  readonly kernels: readonly KernelProfile[];
  readonly machine: Machine;
  private readonly recording: Recording;

  /** @internal */
  constructor(recording: Recording, machine: Machine) {
    const sample = recording.means();
    this.recording = recording;
    this.program = recording.program;
    this.machine = machine;
    this.runs = sample.runs;
    this.milliseconds = sample.milliseconds;
    this.kernels = kernelsOf(recording, sample, machine);
  }

  /** The profile as a table: the kernels that take most first. */
  get text(): string {
    return textOf(this);
  }

  /**
   * The fastest run, kernel by kernel on each thread, as JSON that the viewers of browsers open: `ui.perfetto.dev`, `about:tracing`, the performance panel.
   * Of each thread at most the first 32,768 kernels.
   */
  get trace(): string {
    return traceOf(this.recording);
  }

  /** Figures for a report of `@hooke/report`: kernels by their share of the time, and the table. */
  get figures(): ProfileFigures {
    return figuresOf(this);
  }
}

function kernelsOf({ emitter, plan }: Recording, { times }: Sample, machine: Machine): KernelProfile[] {
  const instructions = new Instructions(emitter);
  const { milliseconds, shared } = shares(emitter, times);
  return rowsOf(plan, emitter).map(({ number, label, over, work, reads, writes, times }): KernelProfile => {
    const cost = costOf(work, emitter, instructions);
    const loop = "kind" in work && work.kind === "scan";
    const bytes = loop ? 0 : reads + writes;
    const rates = shared.has(work) ? machine.all : machine.one;
    const atLeast = floorsOf(cost, bytes, rates);
    return {
      number,
      label,
      over,
      times,
      threads: rates.threads,
      milliseconds: milliseconds.get(work) ?? 0,
      operations: times * cost.operations,
      issued: times * cost.issued,
      bytes: times * bytes,
      floor: (times * Math.max(...atLeast)) / 1e6,
      boundBy: atLeast[0] < atLeast[1] ? "bytes" : "operations",
    };
  });
}

/** Nanoseconds that a kernel takes at least, for its operations and for its bytes. */
function floorsOf({ issued, dtype }: Cost, bytes: number, { gigaflops, memory }: Rates): readonly [number, number] {
  const { gigabytes } = memory.find((each) => bytes <= each.bytes) ?? memory.at(-1)!;
  return [issued / gigaflops[dtype], bytes / gigabytes];
}

/** What each kernel took, given what threads measured, and which ones threads share. */
function shares(
  { measured }: MeasuringEmitter,
  times: Sample["times"],
): { readonly milliseconds: ReadonlyMap<Work, number>; readonly shared: ReadonlySet<Work> } {
  const milliseconds = new Map<Work, number>();
  const busy = new Map<Work, number>();
  for (const [number, work] of measured.entries()) {
    if (work instanceof Meeting) continue;
    milliseconds.set(work, times[0]![number]!);
    busy.set(
      work,
      times.reduce((sum, ofThread) => sum + ofThread[number]!, 0),
    );
  }
  const shared = new Set<Work>();
  // What takes several turns to divide has several meetings.
  for (const [number, meeting] of measured.entries()) {
    if (!(meeting instanceof Meeting)) continue;
    const works = meeting.works.filter((work) => busy.has(work));
    const sum = (each: ReadonlyMap<Work, number>): number => works.reduce((total, work) => total + each.get(work)!, 0);
    const all = times[0]![number]! + sum(milliseconds);
    const total = sum(busy);
    for (const work of works) {
      milliseconds.set(work, total === 0 ? 0 : (all * busy.get(work)!) / total);
      shared.add(work);
    }
  }
  return { milliseconds, shared };
}
