// Networks of dense layers.
import { sequential } from "@hooke/core";
import { checkOptions } from "@hooke/runtime";
import { type Field, fieldOf } from "../fields/field.ts";
import { embeddingLayers } from "./embedding.ts";
import { denseLayers, type NetworkOptions, networkChecks, outputsOf, unitsCheck } from "./network.ts";

/** Options of {@link mlp}. */
export interface MlpOptions extends NetworkOptions {
  /** Units of the hidden layers. Default `[20, 20, 20]`. */
  readonly units?: readonly number[];
}

/**
 * A field given by dense layers: kernels start as Glorot and Bengio 2010 drew them, biases at zero.
 *
 * @throws on an option it does not have
 */
export function mlp(options: MlpOptions = {}): Field {
  checkOptions<MlpOptions>("mlp", options, { optional: { units: unitsCheck, ...networkChecks } });
  const { units = [20, 20, 20], embedding = [] } = options;
  const layers = denseLayers(options);
  return fieldOf(
    (inputs) =>
      sequential([
        ...embeddingLayers(embedding, inputs),
        ...units.flatMap((count) => layers(count)),
        ...layers(outputsOf(options), false),
      ]),
    options,
  );
}
