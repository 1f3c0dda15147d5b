// What networks read and answer: windows of ten measurements as rows of a dataset.
import { type Dataset, dataset } from "@hooke/data";
import { array, type HostArray } from "@hooke/runtime";
import { type Plate, stressIntensityRange } from "./plate.ts";
import { forecastSteps, observedSteps, type Specimen } from "./specimens.ts";

/** Ten measurements, one a step. */
type Window = readonly number[];

/** The first window of a specimen, which is the task, or every one its history has room for: up to three. */
export function windowsOf({ lengths }: Specimen, which: "first" | "every"): Window[] {
  const size = observedSteps + forecastSteps;
  const count = which === "first" ? 1 : lengths.length - size + 1;
  return Array.from({ length: count }, (_, start) => lengths.slice(start, start + size));
}

/** Lengths in mm that forecasts are given as multiples of, one for each step to be forecast. */
export type Reference = (observed: readonly number[]) => readonly number[];

/** The last observed length: forecasts are factors of growth. */
export const lastLength: Reference = (observed) => new Array<number>(forecastSteps).fill(observed.at(-1)!);

/**
 * `[rows, 4, 3]`: from the second to the fifth measurement the length (mm), its growth since the one before (mm), and the stress
 * intensity range (MPa sqrt(m)). Growth holds what the first measurement adds; cycles would be the same in every row.
 */
export function networkInputs(plate: Plate, observed: readonly (readonly number[])[]): HostArray {
  return array(
    observed.map((lengths) =>
      lengths
        .slice(1, observedSteps)
        .map((length, i) => [length, length - lengths[i]!, stressIntensityRange(plate, length)]),
    ),
  );
}

/** Rows of the task; targets `[rows, 5]` are lengths as multiples of the reference. */
export function windowDataset(plate: Plate, windows: readonly Window[], reference: Reference): Dataset {
  const targets = windows.map((window) => {
    const base = reference(window.slice(0, observedSteps));
    return window.slice(observedSteps).map((length, step) => length / base[step]!);
  });
  return dataset({
    inputs: networkInputs(plate, windows),
    targets: array(targets),
    inputNames: ["length", "growth", "stressIntensityRange"],
  });
}
