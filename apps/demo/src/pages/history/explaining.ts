// Why a network forecasts what it does: what each measurement adds, beside the mean of the specimens that it learned from.
import type { TrainedModel } from "@hooke/core";
import type { Plate } from "@hooke/example-crack-growth/plate.ts";
import { forecastSteps, observedPart, type Specimen } from "@hooke/example-crack-growth/specimens.ts";
import { networkInputs } from "@hooke/example-crack-growth/windows.ts";
import { integratedGradients } from "@hooke/explain";
import { array, type Backend } from "@hooke/runtime";

/** What a network's last forecast comes from. All numbers are in % of what its outputs are multiples of. */
export interface Explained {
  /** More than for the mean of the others. */
  readonly difference: number;
  /** Of each measurement that the network reads, from the second on. */
  readonly byStep: readonly number[];
  /** Of what it reads of all measurements. */
  readonly byInput: readonly { readonly name: string; readonly share: number }[];
}

const inputNames = ["length", "growth", "stress intensity range"];

/** @param others the specimens that it learned from */
export async function explainForecast(
  model: TrainedModel,
  plate: Plate,
  others: readonly Specimen[],
  specimen: Specimen,
  backend: Backend,
): Promise<Explained> {
  const inputs = networkInputs(plate, [observedPart(specimen)]);
  const known = networkInputs(plate, others.map(observedPart));
  const size = inputs.data.length;
  const mean = Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let row = 0; row < others.length; row++) sum += Number(known.data[row * size + i]!);
    return sum / others.length;
  });
  const { values, predictions, base } = await integratedGradients(model, inputs, {
    backend,
    baseline: array(mean, { shape: inputs.shape.slice(1) }),
    output: forecastSteps - 1,
  });
  const width = inputNames.length;
  const shares = Array.from(values.data, (share) => 100 * Number(share));
  const sumOf = (isPart: (i: number) => boolean) =>
    shares.reduce((sum, share, i) => (isPart(i) ? sum + share : sum), 0);
  return {
    difference: 100 * (predictions[0]! - base[0]!),
    byStep: Array.from({ length: size / width }, (_, step) => sumOf((i) => Math.floor(i / width) === step)),
    byInput: inputNames.map((name, input) => ({ name, share: sumOf((i) => i % width === input) })),
  };
}
