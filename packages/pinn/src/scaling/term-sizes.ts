// How large terms are before networks are trained.
import type { Residuals } from "../evaluator.ts";
import type { FieldScales } from "../model.ts";
import { rms } from "./scales.ts";

/** What is left of a term by chance is a smaller share of its parts than this. */
const chance = 1e-6;

/**
 * The root mean square of what each term says at the start, and would say with other networks: of one alone it may be a third of what is usual, or the threefold.
 * Fields are scaled so that terms can balance, and at a single point they may do so to the last bit; such a term is as large as it is without one of the fields.
 *
 * @param others what terms say with other networks; where that is not finite it does not count
 */
export async function termSizes(
  said: Residuals,
  others: readonly Residuals[],
  fields: FieldScales,
  residuals: (scales: FieldScales) => Promise<Residuals>,
): Promise<Readonly<Record<string, number>>> {
  const parts: Residuals[] = [];
  for (const name of Object.keys(fields)) parts.push(await residuals({ ...fields, [name]: 0 }));
  return Object.fromEntries(
    Object.entries(said).map(([name, values]) => {
      const sizes = [values, ...others.map((other) => other[name]!)].map(rms).filter(Number.isFinite);
      const [whole, largest] = [rms(sizes), Math.max(...parts.map((part) => rms(part[name]!)))];
      return [name, whole > chance * largest ? whole : largest];
    }),
  );
}
