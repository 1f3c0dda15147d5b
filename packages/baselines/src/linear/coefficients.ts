// What a linear method has learned, in the user's units: so much of the target for each unit of an input.
import { checkArgument } from "@hooke/runtime";
import type { Design } from "../design/design.ts";
import type { Fitted } from "../method/method.ts";
import type { LinearState } from "./linear-state.ts";

/** One term of a sum. */
export interface Coefficient {
  /** `"cement"`, `"cement^2"`, `"cement * age"`; 0 or 1 are `"supplier=north"` and `"cement missing"`. */
  readonly term: string;
  /** The inputs whose product it is. */
  readonly inputs: readonly string[];
  /** Of the output, for each unit of the term. */
  readonly value: number;
  /** Of the value, where units of the target and of all inputs are known: `"MPa/kg"`. */
  readonly unit?: string;
}

/** A sum: `intercept + value * term + ...`. Where a number is missing, its mean over the training stands. */
export interface Coefficients {
  /** The target; of classes, `"log-odds of hard against soft"`. */
  readonly output: string;
  readonly intercept: number;
  readonly terms: readonly Coefficient[];
}

/**
 * The coefficients of a linear method in the units of its table: the prediction is the intercept and, for each term, its value times the term.
 * Of numbers there is one sum; of two classes the log-odds of the second; of more the log-odds of each against all of them (their geometric mean).
 * Coefficients are what the method says, shrunk by its penalty: see `coefficientIntervals` for what is certain of them.
 *
 * @throws on a method that is not a sum of terms
 * @example
 * ```ts
 * import { coefficients, quadraticRidge } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const load = [1, 2, 3, 4, 5];
 * const table = tableOf({ load, energy: load.map((x) => 3 + 0.5 * x ** 2) }, { units: { load: "N", energy: "J" } });
 * const [{ terms }] = coefficients(await quadraticRidge({ penalty: 0 }).fit(table, "energy"));
 * console.log(terms.map(({ term, value, unit }) => `${term}: ${Math.abs(value).toFixed(3)} ${unit}`)); // [ 'load: 0.000 J/N', 'load^2: 0.500 J/N^2' ]
 * ```
 */
export function coefficients(fitted: Fitted): [Coefficients, ...Coefficients[]] {
  const { state } = linearFitted("coefficients", fitted);
  const { design, products, weights, bias } = state;
  const width = design.names.length + products.length / 2;
  const columns = columnsOf(design);
  const sums = Array.from(bias, (start, output): Coefficients => {
    const own = weights.subarray(output * width, (output + 1) * width);
    let intercept = start;
    // Of columns as they are in the table; the design moves and scales them.
    const slopes = new Float64Array(columns.length);
    const add = (c: number, weight: number): void => {
      slopes[c]! += weight / columns[c]!.scale;
      intercept -= (weight * columns[c]!.mean) / columns[c]!.scale;
    };
    for (let c = 0; c < columns.length; c++) add(c, own[c]!);
    const square: Coefficient[] = [];
    for (let p = 0; p < products.length; p += 2) {
      const [a, b] = [products[p]!, products[p + 1]!];
      const [first, second] = [columns[a]!, columns[b]!];
      const weight = own[columns.length + p / 2]!;
      // (x - m) (y - n) / s / t = (x y - m y - n x + m n) / s / t
      slopes[a]! -= (weight * second.mean) / (first.scale * second.scale);
      slopes[b]! -= (weight * first.mean) / (first.scale * second.scale);
      intercept += (weight * first.mean * second.mean) / (first.scale * second.scale);
      square.push({
        term: a === b ? `${first.name}^2` : `${first.name} * ${second.name}`,
        inputs: a === b ? [first.input] : [first.input, second.input],
        value: weight / (first.scale * second.scale),
        ...unitOf(fitted, a === b ? [first, first] : [first, second], a === b),
      });
    }
    const linear = columns.map((column, c): Coefficient => {
      return { term: column.name, inputs: [column.input], value: slopes[c]!, ...unitOf(fitted, [column], false) };
    });
    return { output: outputName(fitted, output), intercept, terms: [...linear, ...square] };
  });
  return sums as [Coefficients, ...Coefficients[]];
}

/** A column of a design: `(x - mean) / scale`. */
interface DesignColumn {
  readonly name: string;
  readonly input: string;
  readonly mean: number;
  readonly scale: number;
  /** Whether it is 0 or 1. */
  readonly isFlag: boolean;
}

export function columnsOf({ parts, names }: Design): DesignColumn[] {
  let at = 0;
  const flag = (input: string): DesignColumn => ({ name: names[at++]!, input, mean: 0, scale: 1, isFlag: true });
  return parts.flatMap((part) => {
    const { input } = part;
    if (part.type === "category") return Array.from({ length: part.count }, () => flag(input));
    const number = { name: names[at++]!, input, mean: part.mean, scale: part.scale, isFlag: false };
    return part.missing ? [number, flag(input)] : [number];
  });
}

/** A fitted method whose state is a sum of terms. */
export function linearFitted(who: string, fitted: Fitted): Fitted<LinearState> {
  checkArgument(who, "the fitted method", fitted, (value) => {
    const { state } = (value ?? {}) as Partial<Fitted<Partial<LinearState>>>;
    return state?.design !== undefined && state.products !== undefined && state.bias !== undefined
      ? undefined
      : "one that is a sum of terms: ridge, quadraticRidge, lasso, elasticNet or logistic";
  });
  return fitted as Fitted<LinearState>;
}

export function outputName({ target, state }: Fitted, output: number): string {
  if (target.type === "number") return target.name;
  const { classes } = target;
  return (state as LinearState).classes === 2
    ? `log-odds of ${classes[1]} against ${classes[0]}`
    : `log-odds of ${classes[output]} against all classes`;
}

/** Nothing where a unit is not known. */
function unitOf(
  { target, inputs }: Fitted,
  columns: readonly DesignColumn[],
  isSquare: boolean,
): { readonly unit?: string } {
  const numerator = target.type === "class" ? "1" : target.unit;
  const units = columns.map(({ input, isFlag }) => {
    const schema = inputs.find(({ name }) => name === input);
    return isFlag ? "" : schema?.type === "number" ? schema.unit : undefined;
  });
  if (numerator === undefined || units.includes(undefined)) return {};
  const [first = "", second = ""] = units.map((unit) => (/[\s/*^]/.test(unit!) ? `(${unit})` : unit));
  if (isSquare) return { unit: first === "" ? numerator : `${numerator}/${first}^2` };
  const below = [first, second].filter((unit) => unit !== "");
  if (below.length === 0) return { unit: numerator };
  return { unit: below.length === 1 ? `${numerator}/${below[0]}` : `${numerator}/(${below.join(" ")})` };
}
