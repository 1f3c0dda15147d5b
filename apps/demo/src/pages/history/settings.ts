// What the comparison is decided by, and the specimen that is looked at.
import { backend, choice, real, type SettingsOf, slider, text, whole } from "../../shell/settings.ts";

export const fields = {
  backend,
  /** A kept file; empty for Virkler's. */
  data: text("Data"),
  multiples: choice("Networks give multiples of", "growth", ["growth", "paris"], (option) =>
    option === "growth" ? "the last measured length" : "the law's forecast",
  ),
  learningRate: real("Learning rate", 2e-3, { least: 1e-6, most: 1 }),
  epochs: whole("Epochs", 300, { least: 1, most: 5000 }),
  folds: whole("Folds", 4, { least: 2, most: 10 }),
  width: real("Plate width (mm)", 152.4, { least: 1, most: 10_000 }),
  seed: whole("Seed", 0, { least: 0, most: 4_294_967_295 }),
  specimen: slider("Specimen", 34, { least: 1, most: 10_000 }),
};

export type Settings = SettingsOf<typeof fields>;
