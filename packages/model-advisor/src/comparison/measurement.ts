// Measuring: a method learns from the rows of a fold and predicts those held back. Everything it prepares is prepared inside the fold.
import { type LearnContext, type Method, type Samples, type State, takeSamples } from "@hooke/baselines";
import type { Fold, RowNames } from "@hooke/data";
import { foldHost, type HostArray } from "@hooke/runtime";
import { foldsFor, type Split } from "../splits/splits.ts";
import { type ErrorName, errorKinds } from "./metrics.ts";

/** One method on one fold. */
export interface Measured {
  readonly method: string;
  readonly repeat: number;
  readonly fold: number;
  /** In the unit of the target, or of the error. */
  readonly error: number;
  /** Of learning and predicting. */
  readonly seconds: number;
  /** Of the rows held back, in the order of `rows`. */
  readonly predicted: Float64Array;
  readonly rows: Int32Array;
  /** Rows tested over rows learned from. */
  readonly ratio: number;
}

/** A method that failed on a fold, and why. */
export interface Failed {
  readonly method: string;
  readonly repeat: number;
  readonly fold: number;
  readonly error: string;
  /** Where time ended before it was done: it has not failed. */
  readonly isCut?: true;
  /** Of one that was cut: how long it would have taken, by how far it was; absent where it did not say. */
  readonly seconds?: number;
}

/** One method on one fold, to be measured elsewhere: plain data, which workers take. */
export interface FoldWork {
  /** Its name among the candidates. */
  readonly method: string;
  readonly split: Split;
  readonly repeat: number;
  readonly fold: number;
  /** What rows belong to, where that matters: a name or number a row. */
  readonly groups?: RowNames;
  /** How long it may take, in ms of the clock; then it is cut. Default: as long as it takes. */
  readonly milliseconds?: number;
}

/** How much time is left, in ms; `Infinity` where none is kept. */
export type Left = () => number;
const always: Left = () => Number.POSITIVE_INFINITY;

/** What ends a fit for which no time is left. */
class OutOfTime extends Error {
  /** How much of the fit was done. */
  readonly fraction: number;
  constructor(fraction: number) {
    super("time ended");
    this.fraction = fraction;
  }
}

/** Who measures folds, several at once. */
export interface FoldWorkers {
  /** How many folds at once. */
  readonly count: number;
  readonly measure: (work: FoldWork) => Promise<Measured | Failed>;
}

/** What measurements have in common. */
export interface Setting {
  readonly samples: Samples;
  readonly split: Split;
  readonly error: ErrorName;
  /** Of the split and of all methods. */
  readonly key: HostArray;
  readonly backend: LearnContext["backend"];
  readonly pause: LearnContext["pause"];
  readonly signal: AbortSignal | undefined;
  /** Default: folds are measured here, one after the other. */
  readonly workers?: FoldWorkers;
  /** Methods that others are made of: what they learn of a fold is kept for these. Default: none. */
  readonly parts?: ReadonlySet<Method>;
  /** Other inputs of the same rows, by the name of the method that sees them instead. Default: none. */
  readonly views?: ReadonlyMap<string, Samples>;
}

/** Rows of a fold, and what parts of methods have learned of them. */
interface Learned {
  readonly samples: Samples;
  readonly states: Map<Method, State>;
}

/** Measures methods on the folds of a split; the same fold is drawn once. */
export class Measurement {
  readonly setting: Setting;
  readonly measured: Measured[] = [];
  readonly failed: Failed[] = [];
  /** How long the last fold that was cut would have taken, in s, by method. */
  readonly cut = new Map<string, number>();
  private readonly folds = new Map<number, readonly Fold[]>();
  private readonly learned = new Map<Samples, Map<number, Learned>>();
  private learnedRepeat = 0;

  constructor(setting: Setting) {
    this.setting = setting;
  }

  /** What a method sees. */
  samplesOf(name: string): Samples {
    return this.setting.views?.get(name) ?? this.setting.samples;
  }

  /** The folds of a repeat. */
  foldsOf(repeat: number): readonly Fold[] {
    const known = this.folds.get(repeat);
    if (known !== undefined) return known;
    const { split, samples, key } = this.setting;
    const drawn = foldsFor(split, samples, key, repeat);
    this.folds.set(repeat, drawn);
    return drawn;
  }

  /** One method on one fold; a failure is kept, not thrown, but that of the signal. */
  async run(name: string, method: Method, repeat: number, fold: number, left?: Left): Promise<Measured | undefined> {
    return this.note(await this.measure(name, method, repeat, fold, left));
  }

  /** The same, not yet noted: of what is measured at once, the order in which it is noted decides. */
  async measure(name: string, method: Method, repeat: number, fold: number, left = always): Promise<Measured | Failed> {
    const { signal, workers, split, samples } = this.setting;
    signal?.throwIfAborted();
    const { groups } = samples;
    const milliseconds = left();
    const limit = Number.isFinite(milliseconds) && { milliseconds };
    const result = await (workers === undefined
      ? this.here(name, method, repeat, fold, left)
      : workers.measure({ method: name, split, repeat, fold, ...(groups && { groups }), ...limit }));
    signal?.throwIfAborted();
    return result;
  }

  /** Remembers a result; of what was cut only how long it would have taken. */
  note(result: Measured | Failed): Measured | undefined {
    if ("predicted" in result) {
      this.measured.push(result);
      return result;
    }
    if (!result.isCut) this.failed.push(result);
    else if (result.seconds !== undefined) this.cut.set(result.method, result.seconds);
    return undefined;
  }

  /** Forgets a method: of folds that time did not suffice for it knows perhaps the easy ones. */
  forget(name: string): void {
    const rest = this.measured.filter(({ method }) => method !== name);
    this.measured.splice(0, this.measured.length, ...rest);
  }

  private async here(
    name: string,
    method: Method,
    repeat: number,
    fold: number,
    left: Left,
  ): Promise<Measured | Failed> {
    const { error, key, backend } = this.setting;
    const pause = timely(this.setting.pause, left);
    const { train, test } = this.foldsOf(repeat)[fold]!;
    const { samples: rows, states } = this.learnedOf(name, repeat, fold);
    const own = foldHost(foldHost(key, repeat), fold);
    const begun = performance.now();
    try {
      const state = await method.learn(rows, {
        key: own,
        ...(backend && { backend }),
        pause,
        warn: () => undefined,
        known: (part, asked, by) =>
          asked === rows && by.data.every((word, i) => word === own.data[i]) ? states.get(part) : undefined,
      });
      if (this.setting.parts?.has(method)) states.set(method, state);
      const { columns, texts, target } = takeSamples(this.samplesOf(name), test);
      const predicted = method.predict(state, { columns, ...(texts && { texts }), rowCount: test.length });
      const measured = {
        method: name,
        repeat,
        fold,
        error: errorKinds[error].compute(target, predicted),
        seconds: (performance.now() - begun) / 1000,
        predicted,
        rows: test,
        ratio: test.length / train.length,
      };
      if (!Number.isFinite(measured.error)) throw new Error("its predictions are not finite");
      return measured;
    } catch (thrown) {
      const seconds = (performance.now() - begun) / 1000;
      const cut = thrown instanceof OutOfTime && {
        isCut: true as const,
        ...(thrown.fraction > 0 && { seconds: seconds / thrown.fraction }),
      };
      return { method: name, repeat, fold, error: thrown instanceof Error ? thrown.message : String(thrown), ...cut };
    }
  }

  /** The rows to learn from; those of repeats before are forgotten. */
  private learnedOf(name: string, repeat: number, fold: number): Learned {
    if (repeat !== this.learnedRepeat) this.learned.clear();
    this.learnedRepeat = repeat;
    const seen = this.samplesOf(name);
    const folds = this.learned.get(seen) ?? new Map<number, Learned>();
    this.learned.set(seen, folds);
    const known = folds.get(fold);
    if (known !== undefined) return known;
    const { train } = this.foldsOf(repeat)[fold]!;
    const learned = { samples: takeSamples(seen, train), states: new Map<Method, State>() };
    folds.set(fold, learned);
    return learned;
  }

  /** What was measured of a method, in the order of repeats and folds. */
  of(name: string): Measured[] {
    return this.measured.filter(({ method }) => method === name).sort((a, b) => a.repeat - b.repeat || a.fold - b.fold);
  }
}

/** A pause that ends what has no time left. */
export const timely =
  (pause: LearnContext["pause"], left: Left): LearnContext["pause"] =>
  (progress) => {
    if (left() <= 0) throw new OutOfTime(progress().fraction);
    return pause(progress);
  };
