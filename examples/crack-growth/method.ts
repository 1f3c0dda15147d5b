// What a method of forecasting is: it learns from whole histories, and sees of other specimens the observed part alone.
import type { Specimen } from "./specimens.ts";

/** Forecasts, in mm, a row for each of `observed`. */
export type Forecasts = readonly (readonly number[])[];

export interface Method {
  readonly name: string;
  /**
   * @param training specimens to learn from, with their whole histories
   * @param observed of each specimen held out, its first measurements: all that is handed over of it
   * @param seed decides every random number
   */
  forecast(
    training: readonly Specimen[],
    observed: readonly (readonly number[])[],
    seed: number,
  ): Forecasts | Promise<Forecasts>;
}

/** The networks' names, for what shows them without training them. */
export const lstmName = "LSTM";
export const transformerName = "Transformer";
