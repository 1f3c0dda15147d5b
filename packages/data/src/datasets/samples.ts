// What a dataset is: samples with names, and where each came from.
import type { Aval, HostArray } from "@hooke/runtime";

/** The dtypes that models compute in. */
export type Precision = "f32" | "f64";

/** Extras of a batch as a whole, by other names than those of its rows; a pure function of these. */
export type BatchExtras = (extras: Readonly<Record<string, HostArray>>) => Readonly<Record<string, HostArray>>;

/** Samples: row `i` of `inputs` belongs to row `i` of `targets`. The inputs of a `Dataset<Aval>` may be in memory or not. */
export interface Dataset<Inputs extends Aval = HostArray> {
  /** Number of rows. */
  readonly count: number;
  /** `[count, ...]`. */
  readonly inputs: Inputs;
  /** `[count, ...]`. */
  readonly targets: HostArray;
  /** What layers need besides the inputs, by the name they read it under, `[count, ...]` each: `{ lengths }`. */
  readonly extras: Readonly<Record<string, HostArray>>;
  /**
   * What layers need of a batch as a whole, made from the extras of its rows: where the nodes of its graphs stand, one graph behind another. Each
   * combination of shapes that it returns is a program of its own, so there should be few. Models must take rows without it, too. Default none.
   */
  readonly batchExtras?: BatchExtras;
  /** Names along the last axis of `inputs`. */
  readonly inputNames: readonly string[];
  /** Names along the last axis of `targets`. */
  readonly targetNames: readonly string[];
  /** The categories behind one-hot columns, by table column; pass them to {@link tableDataset} for new data. */
  readonly categories: Readonly<Record<string, readonly string[]>>;
  /** What the labels of `targets` stand for, where these are classes: label `i` is `classes[i]`. */
  readonly classes?: readonly string[];
  /** The label that says that the class of a row, a step or a pixel is not known: it counts in no loss and in no metric. */
  readonly ignoreLabel?: number;
  /** Columns of text that {@link tableDataset} left out because nothing says what they are; none where `inputs` lists the inputs. */
  readonly unusedColumns?: readonly string[];
  /** What models trained on it compute in: numbers are converted after preprocessing. */
  readonly dtype: Precision;
  /** The speaker of error messages, e.g. a file name. */
  readonly source: string;
  /** The line of the file each row came from, where there is one. */
  readonly lines?: Int32Array;
}
