// What the runs of one program took: samples of some runs each, of which the faster half counts. Other work of the machine makes the rest slow.
import type { Plan } from "@hooke/plan";
import type { Program } from "@hooke/runtime";
import type { Heap } from "../heap.ts";
import { block, type MeasuringEmitter, mostLooks } from "./emitter.ts";

/** Runs are gathered to samples of so many milliseconds. */
const sampleMilliseconds = 5;
/** So many samples are kept at most: then the slower half is dropped. */
const mostSamples = 256;

/** Some runs: milliseconds of all, and by thread of all that is measured. */
export interface Sample {
  readonly runs: number;
  readonly milliseconds: number;
  readonly times: readonly Float64Array[];
}

/** One look at the clock: when, and what had just been done. */
export interface Look {
  readonly at: number;
  readonly measured: number;
}

/** The looks of one run. */
export interface Looks {
  readonly start: number;
  readonly milliseconds: number;
  readonly threads: readonly (readonly Look[])[];
}

export class Recording {
  readonly program: Program;
  readonly plan: Plan;
  readonly emitter: MeasuringEmitter;
  /** How often the program ran. */
  runs = 0;
  /** Of the fastest run. */
  fastest: Looks | undefined;
  private readonly heap: Heap;
  private samples: Sample[] = [];
  private open: Sample | undefined;

  constructor(program: Program, plan: Plan, emitter: MeasuringEmitter, heap: Heap) {
    this.program = program;
    this.plan = plan;
    this.emitter = emitter;
    this.heap = heap;
  }

  /** Runs once, and notes what it took. */
  measure(run: () => void): void {
    const { blocks, measured } = this.emitter;
    const views = blocks.map((address) => ({
      start: this.heap.view("f64", address + block.last, 1),
      count: this.heap.view("u32", address + block.count, 1),
      sums: this.heap.view("f64", address + block.sums, measured.length) as Float64Array,
    }));
    const start = performance.now();
    for (const view of views) {
      view.sums.fill(0);
      view.count[0] = 0;
      view.start[0] = start;
    }
    run();
    const milliseconds = performance.now() - start;
    // The program's memory may be another's before anybody asks.
    const { runs, milliseconds: gathered, times } = this.open ?? { runs: 0, milliseconds: 0, times: undefined };
    this.open = {
      runs: runs + 1,
      milliseconds: gathered + milliseconds,
      times: views.map(({ sums }, thread) => {
        const before = times?.[thread];
        return before === undefined ? sums.slice() : before.map((time, number) => time + sums[number]!);
      }),
    };
    this.runs++;
    if (milliseconds < (this.fastest?.milliseconds ?? Number.POSITIVE_INFINITY)) {
      const threads = views.map(({ count }, i) => this.looks(blocks[i]!, count[0]!));
      this.fastest = { start, milliseconds, threads };
    }
    if (this.open.milliseconds >= sampleMilliseconds) this.close();
  }

  /** Means of a run, over the faster half of the samples; `runs` says of how many. */
  means(): Sample {
    if (this.open !== undefined) this.close();
    const faster = this.faster();
    const runs = faster.reduce((sum, sample) => sum + sample.runs, 0);
    const mean = (each: (sample: Sample) => number): number =>
      faster.reduce((sum, sample) => sum + each(sample), 0) / runs;
    return {
      runs,
      milliseconds: mean(({ milliseconds }) => milliseconds),
      times: this.emitter.blocks.map((_, thread) =>
        Float64Array.from(this.emitter.measured, (_, number) => mean(({ times }) => times[thread]![number]!)),
      ),
    };
  }

  private close(): void {
    this.samples.push(this.open!);
    this.open = undefined;
    if (this.samples.length > mostSamples) this.samples = this.faster();
  }

  private faster(): Sample[] {
    const sorted = this.samples.toSorted((a, b) => a.milliseconds / a.runs - b.milliseconds / b.runs);
    return sorted.slice(0, Math.ceil(sorted.length / 2));
  }

  private looks(address: number, count: number): Look[] {
    const times = this.heap.view("f64", address + block.looks, 2 * mostLooks);
    const words = this.heap.view("u32", address + block.looks, 4 * mostLooks);
    return Array.from({ length: count }, (_, i) => ({ at: times[2 * i]!, measured: words[4 * i + 2]! }));
  }
}
