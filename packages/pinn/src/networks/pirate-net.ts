// Residual blocks that start as the identity.
import { type Layer, sequential } from "@hooke/core";
import { checkOptions, checks, fail } from "@hooke/runtime";
import { type Field, fieldOf } from "../fields/field.ts";
import { embeddingLayers, widthOf } from "./embedding.ts";
import { adaptiveResidual, encoders, gate } from "./layers/encoders.ts";
import { fourierFeatures } from "./layers/fourier-features.ts";
import { denseLayers, type NetworkOptions, networkChecks, outputsOf } from "./network.ts";

/** Options of {@link pirateNet}. */
export interface PirateNetOptions extends NetworkOptions {
  /** Residual blocks, each of three dense layers. Default 3. */
  readonly blocks?: number;
  /** Units of every layer; as many as the embedding makes columns. Default 32. */
  readonly units?: number;
  /** Default `[fourierFeatures({ count: units / 2 })]`, for an even number of units. */
  readonly embedding?: NonNullable<NetworkOptions["embedding"]>;
}

/**
 * A field given by a PirateNet: residual blocks weighted by numbers `alpha` that start at 0, so that the network starts as a linear function of its embedding and
 * grows deep as it is trained. Wang, Li, Chen and Perdikaris, "PirateNets: physics-informed deep learning with residual adaptive networks", JMLR 25 (2024);
 * the last layer starts as the others, not fitted to data.
 *
 * @throws on an option it does not have; when its network is made, if the embedding makes another number of columns than of units
 */
export function pirateNet(options: PirateNetOptions = {}): Field {
  checkOptions<PirateNetOptions>("pirateNet", options, {
    optional: { blocks: checks.count, units: checks.count, ...networkChecks },
  });
  const { blocks = 3, units = 32 } = options;
  if (options.embedding === undefined && units % 2 !== 0)
    fail("pirateNet", `received ${units} units, which its Fourier features cannot make; give an even number.`);
  const { embedding = [fourierFeatures({ count: units / 2 })] } = options;
  const make = denseLayers(options);
  const block = (): Layer =>
    adaptiveResidual(sequential([...make(units), gate(), ...make(units), gate(), ...make(units)]));
  return fieldOf((inputs) => {
    const front = embeddingLayers(embedding, inputs);
    const width = widthOf(front, inputs);
    if (width !== units) {
      fail(
        "pirateNet",
        `has ${units} units, and its embedding makes ${width} columns; end it with fourierFeatures({ count: ${units / 2} }), or give the units ${width}.`,
        "mismatch",
      );
    }
    return sequential([
      ...front,
      encoders({
        first: sequential(make(units)),
        second: sequential(make(units)),
        body: sequential(Array.from({ length: blocks }, block)),
      }),
      ...make(outputsOf(options), false),
    ]);
  }, options);
}
