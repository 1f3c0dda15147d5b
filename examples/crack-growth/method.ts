// What a method of forecasting is: it learns from whole histories, and sees of other specimens the observed part alone.
import type { Series } from "./plate.ts";
import type { Specimen } from "./specimens.ts";

/** Forecasts, in mm, a row for each of `observed`. */
export type Forecasts = readonly (readonly number[])[];

/** What a method is told. */
export interface Lesson {
  readonly series: Series;
  /** Specimens to learn from, with their whole histories. */
  readonly training: readonly Specimen[];
  /** Of each specimen held out, its first measurements: all that is handed over of it. */
  readonly observed: readonly (readonly number[])[];
  /** Decides every random number. */
  readonly seed: number;
}

export interface Method {
  readonly name: string;
  forecast(lesson: Lesson): Forecasts | Promise<Forecasts>;
}

/** The networks' names, for what shows them without training them. */
export const lstmName = "LSTM";
export const transformerName = "Transformer";
