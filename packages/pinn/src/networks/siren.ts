// Networks of sines.
import { type Activation, dense, sequential } from "@hooke/core";
import { checkOptions, checks } from "@hooke/runtime";
import { type Field, type FieldOptions, fieldChecks, fieldOf } from "../fields/field.ts";
import { embeddingCheck, embeddingLayers, widthOf } from "./embedding.ts";
import { type NetworkOptions, outputsOf, unitsCheck } from "./network.ts";

/** Options of {@link siren}. */
export interface SirenOptions extends FieldOptions {
  /** Units of the hidden layers. Default `[20, 20, 20]`. */
  readonly units?: readonly number[];
  /**
   * What every sine multiplies its argument by. It decides how fine the network is at the start: waves up to about `frequency` radians per unit of the input, which is [-1, 1].
   * Default 30, as published for images; smooth solutions want less.
   */
  readonly frequency?: number;
  /** What coordinates go through first. Default nothing. */
  readonly embedding?: NonNullable<NetworkOptions["embedding"]>;
}

/**
 * A field given by sines, `sin(frequency (W x + b))`, with the published start: kernels uniform within `1 / inputs` in the first layer and within
 * `sqrt(6 / inputs) / frequency` in others, biases as PyTorch draws them. Sitzmann, Martel, Bergman, Lindell and Wetzstein, "Implicit neural
 * representations with periodic activation functions", NeurIPS 2020.
 *
 * @throws on an option it does not have
 */
export function siren(options: SirenOptions = {}): Field {
  checkOptions<SirenOptions>("siren", options, {
    optional: { units: unitsCheck, frequency: checks.positive, embedding: embeddingCheck, ...fieldChecks },
  });
  const { units = [20, 20, 20], frequency = 30, embedding = [] } = options;
  const activation: Activation = { name: "sin", frequency };
  // Uniform within sqrt(3) gain / sqrt(inputs).
  const kernelInitializer = { name: "lecunUniform", gain: Math.SQRT2 / frequency } as const;
  return fieldOf((inputs) => {
    const front = embeddingLayers(embedding, inputs);
    const bound = 1 / widthOf(front, inputs);
    return sequential([
      ...front,
      ...units.map((count, i) =>
        dense({
          units: count,
          activation,
          kernelInitializer: i === 0 ? { name: "uniform", low: -bound, high: bound } : kernelInitializer,
        }),
      ),
      dense({ units: outputsOf(options), kernelInitializer }),
    ]);
  }, options);
}
