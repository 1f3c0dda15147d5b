// What the comparison is decided by, and the specimen that is looked at.
import { backend, choice, real, type SettingsOf, slider, whole } from "../../shell/settings.ts";

export const fields = {
  backend,
  multiples: choice("Networks give multiples of", "growth", ["growth", "paris"], (option) =>
    option === "growth" ? "the last measured length" : "the law's forecast",
  ),
  learningRate: real("Learning rate", 2e-3, { least: 1e-6, most: 1 }),
  epochs: whole("Epochs", 300, { least: 1, most: 5000 }),
  folds: whole("Folds", 4, { least: 2, most: 10 }),
  seed: whole("Seed", 0, { least: 0, most: 4_294_967_295 }),
  specimen: slider("Specimen", 34, { least: 1, most: 68 }),
};

export type Settings = SettingsOf<typeof fields>;
