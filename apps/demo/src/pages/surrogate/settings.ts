// What a training is decided by.
import { type ActivationName, activationNames } from "@hooke/core";
import { dataFields } from "../../data/fields.ts";
import { sample } from "../../data/files.ts";
import { backend, choice, real, type SettingsOf, text, whole } from "../../shell/settings.ts";

/** The activations that act element by element: those a hidden layer takes and a curve can show. */
export const activations: readonly ActivationName[] = activationNames.filter((name) => !/softmax/i.test(name));

/** The concrete data, and the network and training of its example, unless they are set otherwise. */
export const fields = {
  backend,
  ...dataFields,
  data: text("Data", sample.id),
  target: text("Target", sample.settings.target),
  units: { ...dataFields.units, initial: sample.settings.units },
  activation: choice("Activation", "relu", activations),
  width: whole("Hidden width", 64, { least: 1, most: 512 }),
  depth: whole("Hidden layers", 2, { least: 1, most: 8 }),
  learningRate: real("Learning rate", 1e-3, { least: 1e-6, most: 10 }),
  weightDecay: real("Weight decay", 1e-2, { least: 0, most: 1 }),
  epochs: whole("Epochs", 200, { least: 1, most: 10_000 }),
  seed: whole("Seed", 42, { least: 0, most: 4_294_967_295 }),
};

export type Settings = SettingsOf<typeof fields>;
