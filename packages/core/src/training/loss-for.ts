// A loss for the classes of the data, where it speaks of them by name.
import { checkArgument } from "@hooke/runtime";
import type { Loss } from "../losses/loss.ts";
import { fitChecks } from "./arguments.ts";

/** The loss for the classes of the data: its own, where it speaks of none by name. */
export function lossFor(loss: Loss, classes: readonly string[] | undefined): Loss {
  checkArgument("lossFor", "the loss", loss, fitChecks.loss);
  return loss.forClasses?.(classes) ?? loss;
}
