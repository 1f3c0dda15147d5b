// A loss and the data it is taken on, as they belong together: the names of classes, and the label that stands for none.
import { checkArgument, fail } from "@hooke/runtime";
import type { Dataset } from "../data/dataset.ts";
import type { Loss } from "../losses/loss.ts";
import { fitChecks } from "./arguments.ts";

/** The loss for the classes of the data: its own, where it speaks of none by name. */
export function lossFor(loss: Loss, classes: readonly string[] | undefined): Loss {
  checkArgument("lossFor", "the loss", loss, fitChecks.loss);
  return loss.forClasses?.(classes) ?? loss;
}

/**
 * The data with the label that the loss ignores.
 *
 * @throws if the data has another one
 */
export function withIgnored(data: Dataset, { labels, ignoreLabel }: Loss): Dataset {
  const known = data.ignoreLabel;
  if (labels !== true || known === ignoreLabel) return data;
  if (known === undefined) return { ...data, ignoreLabel: ignoreLabel! };
  const takes = ignoreLabel === undefined ? "ignores none" : `ignores ${ignoreLabel}`;
  return fail(
    data.source,
    `has the label ${known} where the class is not known, and the loss ${takes}; make it with ignoreLabel: ${known}.`,
    "mismatch",
  );
}
