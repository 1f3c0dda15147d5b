// A cross-validation: a training for each fold.
import { metrics } from "@hooke/data";
import { crossValidationSweep } from "@hooke/regularization";
import { defineSweep } from "@hooke/sweep";
import { chosen, rest, settings, training, transforms } from "./concrete.ts";

export const { sweep, join } = crossValidationSweep({
  ...training(chosen),
  data: rest,
  preprocessing: transforms,
  metrics: [metrics.rmse],
  folds: settings.folds,
  epochs: settings.epochs,
});

export default defineSweep(sweep);
