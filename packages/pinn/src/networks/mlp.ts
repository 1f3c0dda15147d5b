// Networks of dense layers.
import { type Activation, activationCheck, dense, sequential } from "@hooke/core";
import { type Check, checkOptions, checks } from "@hooke/runtime";
import { type Field, type FieldOptions, fieldChecks, fieldOf } from "../fields/field.ts";

/** Options of {@link mlp}. */
export interface MlpOptions extends FieldOptions {
  /** Units of the hidden layers. Default `[20, 20, 20]`. */
  readonly units?: readonly number[];
  /** Of the hidden layers; it must be as smooth as the equation's order asks. Default `"tanh"`. */
  readonly activation?: Activation;
}

const unitsCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((units) => checks.count(units) === undefined)
    ? undefined
    : "whole numbers above 0, such as [20, 20, 20]";

/**
 * A field given by dense layers: kernels start as Glorot and Bengio 2010 drew them, biases at zero.
 *
 * @throws on an option it does not have
 */
export function mlp(options: MlpOptions = {}): Field {
  checkOptions<MlpOptions>("mlp", options, {
    optional: { units: unitsCheck, activation: activationCheck, ...fieldChecks },
  });
  const { units = [20, 20, 20], activation = "tanh", components = [] } = options;
  const start = { kernelInitializer: "glorotNormal", biasInitializer: "zeros" } as const;
  const layers = [
    ...units.map((count) => dense({ units: count, activation, ...start })),
    dense({ units: Math.max(components.length, 1), ...start }),
  ];
  return fieldOf(() => sequential(layers), options);
}
