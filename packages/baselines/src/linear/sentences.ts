// What a linear method says, in words: "strength rises by 31 MPa for each 0.1 wt% carbon, others equal".
import type { Fitted } from "../method/method.ts";
import type { CertainCoefficients } from "./coefficient-intervals.ts";
import { columnsOf, linearFitted, outputName } from "./coefficients.ts";

/**
 * A sentence for each input that counts, the one that changes the prediction most first: by how much, for a round step of about a standard
 * deviation. Where there are squares and products, with all other numbers at their mean, at which the slope is taken.
 *
 * @param certain what is certain of the coefficients, by `coefficientIntervals`, to be told beside them; of sums without products
 * @throws on a method that is not a sum of terms
 * @example
 * ```ts
 * import { ridge, sentences } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const carbon = [0.1, 0.2, 0.3, 0.4];
 * const table = tableOf({ carbon, strength: [310, 341, 372, 403] }, { units: { carbon: "wt%", strength: "MPa" } });
 * console.log(sentences(await ridge({ penalty: 0 }).fit(table, "strength"))); // [ 'strength rises by 31 MPa for each 0.1 wt% of carbon, others equal.' ]
 * ```
 */
export function sentences(fitted: Fitted, certain?: readonly CertainCoefficients[]): string[] {
  const { state, target, inputs } = linearFitted("sentences", fitted);
  const { design, products, weights, bias } = state;
  const columns = columnsOf(design);
  const width = columns.length + products.length / 2;
  const others = products.length > 0 ? "at the mean of the numbers" : "others equal";
  const told = Array.from(bias, (_, output) => {
    const name = outputName(fitted, output);
    return columns.flatMap((column, c) => {
      const weight = weights[output * width + c]!;
      if (weight === 0) return [];
      const schema = inputs.find((input) => input.name === column.input);
      const unit = schema?.type === "number" && schema.unit !== undefined ? ` ${schema.unit}` : "";
      const step = column.isFlag ? 1 : roundBelow(column.scale);
      const change = (weight * step) / column.scale;
      const where = column.isFlag ? `where ${flagWords(column)}` : `for each ${short(step)}${unit} of ${column.name}`;
      const known = products.length > 0 ? undefined : certain?.[output];
      const interval = known === undefined ? "" : ` (${intervalOf(known, column.name, step, target)})`;
      return [{ size: Math.abs(weight), text: `${effect(name, change, target)} ${where}, ${others}${interval}.` }];
    });
  }).flat();
  return told.sort((a, b) => b.size - a.size).map(({ text }) => text);
}

/** "strength rises by 31 MPa", or "the odds of hard against soft are 1.8 times as large". */
function effect(name: string, change: number, target: Fitted["target"]): string {
  if (target.type === "class") return `the ${name.replace(/^log-/, "")} are ${short(Math.exp(change))} times as large`;
  const unit = target.unit === undefined ? "" : ` ${target.unit}`;
  return `${name} ${change > 0 ? "rises" : "falls"} by ${short(Math.abs(change))}${unit}`;
}

/** "28 to 34 in 95 % of draws; left out in 9 % of them". */
function intervalOf(
  { terms, level }: CertainCoefficients,
  name: string,
  step: number,
  target: Fitted["target"],
): string {
  const { lower, upper, selected } = terms.find(({ term }) => term === name)!;
  const end = (slope: number): string => short(target.type === "class" ? Math.exp(slope * step) : slope * step);
  const often = selected < 0.995 ? `; left out in ${Math.round(100 * (1 - selected))} % of them` : "";
  return `${end(lower)} to ${end(upper)} in ${short(100 * level)} % of draws${often}`;
}

const flagWords = ({ name, input }: { readonly name: string; readonly input: string }): string =>
  name === `${input} missing` ? `${input} is missing` : `${input} is ${name.slice(input.length + 1)}`;

/** The largest of 1, 2, 5, 10, 20 ... that is not above. */
function roundBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const digits = value / power;
  return (digits >= 5 ? 5 : digits >= 2 ? 2 : 1) * power;
}

const short = (value: number): string => String(Number(value.toPrecision(2)));
