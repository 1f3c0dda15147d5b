// Measuring: a method learns from the rows of a fold and predicts those held back. Everything it prepares is prepared inside the fold.
import { type LearnContext, type Method, type Samples, takeSamples } from "@hooke/baselines";
import type { Fold } from "@hooke/data";
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
}

/** Measures methods on the folds of a split; the same fold is drawn once. */
export class Measurement {
  readonly setting: Setting;
  readonly measured: Measured[] = [];
  readonly failed: Failed[] = [];
  private readonly folds = new Map<number, readonly Fold[]>();

  constructor(setting: Setting) {
    this.setting = setting;
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
  async run(name: string, method: Method, repeat: number, fold: number): Promise<Measured | undefined> {
    const { samples, error, key, backend, pause, signal } = this.setting;
    const { train, test } = this.foldsOf(repeat)[fold]!;
    const begun = performance.now();
    try {
      const state = await method.learn(takeSamples(samples, train), {
        key: foldHost(foldHost(key, repeat), fold),
        ...(backend && { backend }),
        pause,
        warn: () => undefined,
      });
      const { columns, target } = takeSamples(samples, test);
      const predicted = method.predict(state, { columns, rowCount: test.length });
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
      this.measured.push(measured);
      return measured;
    } catch (thrown) {
      signal?.throwIfAborted();
      this.failed.push({
        method: name,
        repeat,
        fold,
        error: thrown instanceof Error ? thrown.message : String(thrown),
      });
      return undefined;
    }
  }

  /** What was measured of a method, in the order of repeats and folds. */
  of(name: string): Measured[] {
    return this.measured.filter(({ method }) => method === name).sort((a, b) => a.repeat - b.repeat || a.fold - b.fold);
  }
}
