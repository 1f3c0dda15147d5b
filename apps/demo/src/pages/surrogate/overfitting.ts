// Whether a training learns its own rows by heart, and what to do.
import { decimals } from "../../shell/readings.ts";
import type { Training } from "./training.ts";

/** The loss has to be worse than the best one by this share, for this share of all epochs: losses waver. */
const [rise, since] = [0.1, 0.2];

/** What to say of it; empty where the validation loss is about as good as it was at its best. */
export function overfitting({ curves, best }: Pick<Training, "curves" | "best">): string {
  const { train, validation } = curves;
  const now = validation.length;
  if (best === undefined || now - best.epoch < since * now) return "";
  const [last, first] = [validation[now - 1]!, best.loss];
  const isWorse = last > (1 + rise) * first && train[now - 1]! < train[best.epoch - 1]!;
  if (!isWorse) return "";
  return (
    `It overfits: since epoch ${best.epoch} the training loss fell from ${decimals(train[best.epoch - 1]!, 3)} to ${decimals(train[now - 1]!, 3)}, and the ` +
    `validation loss rose from ${decimals(first, 3)} to ${decimals(last, 3)}. Take the model of the best epoch, as the download does; or reset, and try a ` +
    "smaller width, more weight decay or fewer epochs."
  );
}
