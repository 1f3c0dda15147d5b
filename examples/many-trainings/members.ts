// An ensemble: a training for each member.
import { defineSweep } from "@hooke/sweep";
import { ensembleSweep } from "@hooke/uncertainty";
import { chosen, preprocessingOf, rest, settings, training } from "./concrete.ts";

export const { sweep, join } = ensembleSweep({
  ...training(chosen),
  data: { train: rest },
  preprocessing: preprocessingOf(rest),
  members: settings.members,
  epochs: settings.epochs,
});

export default defineSweep(sweep);
