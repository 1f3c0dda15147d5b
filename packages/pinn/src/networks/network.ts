// What networks of dense layers have in common: embeddings in front, an activation, and how their kernels are written.
import { type Activation, activationCheck, dense, isLayer, type Layer } from "@hooke/core";
import { type Check, checkOptions, checks, type OptionTable } from "@hooke/runtime";
import { type FieldOptions, fieldChecks } from "../fields/field.ts";
import { type Embedding, embeddingCheck } from "./embedding.ts";
import { type Factorization, factorizationChecks, factorizedDense } from "./layers/factorized-dense.ts";

/** Options of networks of dense layers. */
export interface NetworkOptions extends FieldOptions {
  /** Of the hidden layers; it must be as smooth as the equation's order asks. A layer, such as `adaptiveActivation()`, has parameters of its own in each place. Default `"tanh"`. */
  readonly activation?: Activation | Layer;
  /** What coordinates go through first, in order: `periodic`, `fourierFeatures`, any layer. Default nothing. */
  readonly embedding?: readonly (Embedding | Layer)[];
  /** Random weight factorisation: kernels as products with a trained scale for each unit; true or how scales are drawn. Default false. */
  readonly factorized?: boolean | Factorization;
}

const activationOrLayer: Check = (value) => (isLayer(value) ? undefined : activationCheck(value));
const factorizedCheck: Check = (value) => {
  if (typeof value === "boolean") return undefined;
  if (typeof value !== "object" || value === null) return "true, false or { mean, deviation }";
  checkOptions<Factorization>("factorized", value, { optional: factorizationChecks });
  return undefined;
};

/** The checks of {@link NetworkOptions}. */
export const networkChecks = {
  ...fieldChecks,
  activation: activationOrLayer,
  embedding: embeddingCheck,
  factorized: factorizedCheck,
} satisfies OptionTable<NetworkOptions>["optional"];

/** Expects units of hidden layers. */
export const unitsCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((units) => checks.count(units) === undefined)
    ? undefined
    : "whole numbers above 0, such as [20, 20, 20]";

/** Makes dense layers as options say: of some units, with the activation behind them or not. Kernels start as Glorot and Bengio 2010 drew them, biases at zero. */
export function denseLayers({
  activation: given = "tanh",
  factorized = false,
}: NetworkOptions): (units: number, activated?: boolean) => Layer[] {
  return (units, activated = true) => {
    const applied = activated && !isLayer(given) ? { activation: given } : {};
    const layer =
      factorized === false
        ? dense({ units, ...applied, kernelInitializer: "glorotNormal", biasInitializer: "zeros" })
        : factorizedDense({ units, ...applied, ...(factorized !== true && factorized) });
    return activated && isLayer(given) ? [layer, given] : [layer];
  };
}

/** The number of outputs of a field's network. */
export const outputsOf = ({ components = [] }: FieldOptions): number => Math.max(components.length, 1);
