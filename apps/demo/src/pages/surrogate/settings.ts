// What a training is decided by.
import { type ActivationName, activationNames } from "@hooke/core";
import { backend, choice, real, type SettingsOf, whole } from "../../shell/settings.ts";

/** The activations that act element by element: those a hidden layer takes and a curve can show. */
export const activations: readonly ActivationName[] = activationNames.filter((name) => !/softmax/i.test(name));

/** The chapter's network and training, unless they are set otherwise. */
export const fields = {
  backend,
  activation: choice("Activation", "relu", activations),
  width: whole("Hidden width", 64, { least: 1, most: 512 }),
  depth: whole("Hidden layers", 2, { least: 1, most: 8 }),
  learningRate: real("Learning rate", 1e-3, { least: 1e-6, most: 10 }),
  weightDecay: real("Weight decay", 1e-4, { least: 0, most: 1 }),
  epochs: whole("Epochs", 200, { least: 1, most: 10_000 }),
  seed: whole("Seed", 42, { least: 0, most: 4_294_967_295 }),
};

export type Settings = SettingsOf<typeof fields>;
