// How large terms are at the start.
import type { Residuals } from "../evaluator.ts";
import type { FieldScales } from "../model.ts";
import { rms } from "./scales.ts";

/** What is left of a term by chance is a smaller share of its parts than this. */
const chance = 1e-6;

/**
 * The root mean square of what each term says at the start. Fields are scaled so that terms can balance, and at a single point they may do so
 * to the last bit; such a term is as large as it is without one of the fields.
 */
export async function termSizes(
  said: Residuals,
  fields: FieldScales,
  residuals: (scales: FieldScales) => Promise<Residuals>,
): Promise<Readonly<Record<string, number>>> {
  const parts: Residuals[] = [];
  for (const name of Object.keys(fields)) parts.push(await residuals({ ...fields, [name]: 0 }));
  return Object.fromEntries(
    Object.entries(said).map(([name, values]) => {
      const [whole, largest] = [rms(values), Math.max(...parts.map((part) => rms(part[name]!)))];
      return [name, whole > chance * largest ? whole : largest];
    }),
  );
}
