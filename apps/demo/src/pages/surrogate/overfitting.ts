// Whether a training learns its own rows by heart, and what to do.
import { inUnit, number } from "../../shell/readings.ts";
import type { Training } from "./training.ts";

/** The error has to be worse than the best one by this share, for this share of all epochs: errors waver. */
const [rise, since] = [0.05, 0.2];

/** What to say of it; empty where the error on the rows held back is about as good as it was at its best. */
export function overfitting({ curves, best }: Pick<Training, "curves" | "best">, unit: string): string {
  const { train, validation } = curves;
  const now = validation.length;
  if (best === undefined || now - best.epoch < since * now) return "";
  const [last, first] = [validation[now - 1]!, best.error];
  const isWorse = last > (1 + rise) * first && train[now - 1]! < train[best.epoch - 1]!;
  if (!isWorse) return "";
  const said = (value: number): string => inUnit(number(Number(value.toPrecision(3))), unit);
  return (
    `It overfits: since epoch ${best.epoch} the error on the training rows fell from ${said(train[best.epoch - 1]!)} to ${said(train[now - 1]!)}, and that ` +
    `on the rows held back rose from ${said(first)} to ${said(last)}. Take the model of the best epoch, as the download does; or reset, and try a ` +
    "smaller width, more weight decay, fewer epochs or more rows."
  );
}
