// Dense layers whose outputs mix two encodings of the input.
import { sequential } from "@hooke/core";
import { checkOptions, checks } from "@hooke/runtime";
import { type Field, fieldOf } from "../fields/field.ts";
import { embeddingLayers } from "./embedding.ts";
import { encoders, gate } from "./layers/encoders.ts";
import { denseLayers, type NetworkOptions, networkChecks, outputsOf } from "./network.ts";

/** Options of {@link modifiedMlp}. */
export interface ModifiedMlpOptions extends NetworkOptions {
  /** Hidden layers. Default 3. */
  readonly layers?: number;
  /** Units of each of them, and of both encodings. Default 20. */
  readonly units?: number;
}

/**
 * A field given by a modified multilayer perceptron: what each hidden layer says mixes two encodings of the input, `h u + (1 - h) v`, so that every
 * layer sees the coordinates. Wang, Teng and Perdikaris, "Understanding and mitigating gradient flow pathologies in physics-informed neural networks", SIAM J. Sci. Comput. 43 (2021);
 * as in their program, the first hidden layer is mixed too.
 *
 * @throws on an option it does not have
 */
export function modifiedMlp(options: ModifiedMlpOptions = {}): Field {
  checkOptions<ModifiedMlpOptions>("modifiedMlp", options, {
    optional: { layers: checks.count, units: checks.count, ...networkChecks },
  });
  const { layers = 3, units = 20, embedding = [] } = options;
  const make = denseLayers(options);
  const body = Array.from({ length: layers }, () => [...make(units), gate()]).flat();
  return fieldOf(
    (inputs) =>
      sequential([
        ...embeddingLayers(embedding, inputs),
        encoders({ first: sequential(make(units)), second: sequential(make(units)), body: sequential(body) }),
        ...make(outputsOf(options), false),
      ]),
    options,
  );
}
