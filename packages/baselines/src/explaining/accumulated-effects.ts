// Accumulated local effects: how predictions change with an input, and with two of them, asked only of rows as there are (Apley and Zhu 2020).
import type { Table } from "@hooke/data";
import { checkOptions, checks, fail, foldHost, randomKey } from "@hooke/runtime";
import type { FitProgress, Fitted } from "../method/method.ts";
import { columnName, progressListener, rowWeights } from "../method/option-checks.ts";
import { pausing } from "../method/pausing.ts";
import { type Inputs, inputsOf } from "../method/samples.ts";
import { ask, type Outputs, outputsOf } from "./asking.ts";
import { type Axis, axisOf, stepCount, valueAt } from "./axes.ts";
import { checkFitted, drawnWeights, groupsOf, placeOf, weightsOf } from "./checks.ts";
import { curveOf, type Differences, meansByStep, rowsBySteps } from "./curves.ts";
import { pairSurface, rowsByCells, surfaceAt } from "./pair-effects.ts";
import { quantile } from "./quantile.ts";

/** Options of {@link accumulatedEffects}. */
export interface EffectOptions {
  /** The inputs whose effects are asked for. Default: all. */
  readonly inputs?: readonly string[];
  /** Pairs of inputs, for what they do together beyond what each does. Default: none. */
  readonly pairs?: readonly (readonly [string, string])[];
  /** Steps of a number, each with as many rows; a number of no more values has its values. Default 20, of pairs 8. */
  readonly bins?: number;
  /** How often rows are drawn for the bands. Default 100; 0: no bands. */
  readonly repeats?: number;
  /** The share of draws within a band. Default 0.9. */
  readonly level?: number;
  /** How much each row counts. Default 1 each. */
  readonly weights?: ArrayLike<number>;
  /** The column that names groups: they are drawn whole. Default: every row by itself. */
  readonly groups?: string;
  /** Default 0. */
  readonly seed?: number;
  /** Ends it. Default: it runs to the end. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FitProgress) => void;
}

/** Values of an input at which an effect is known. */
export interface EffectAxis {
  readonly input: string;
  readonly unit?: string;
  /** Numbers, ascending, or categories, those beside each other that are alike in the other inputs. */
  readonly at: Float64Array | readonly string[];
}

/** What predictions change by with one input. In the unit of the target, or as probabilities. */
export interface InputEffect extends EffectAxis {
  readonly output: string;
  /** At each of `at`; their mean over the rows is 0. Between numbers it runs straight. */
  readonly values: Float64Array;
  /** The band of rows drawn again, where `repeats` is not 0. */
  readonly lower?: Float64Array;
  readonly upper?: Float64Array;
  /** Rows that say how predictions change from `at[k]` to `at[k + 1]`. */
  readonly rows: Int32Array;
  /** The root of the mean square of the values over the rows: how much the input moves predictions. */
  readonly spread: number;
}

/** What predictions change by with two inputs together, beyond what they change by with each. */
export interface PairEffect {
  readonly axes: readonly [EffectAxis, EffectAxis];
  readonly output: string;
  /** `[first, second]`, at the values of the axes. */
  readonly values: Float64Array;
  readonly lower?: Float64Array;
  readonly upper?: Float64Array;
  /** `[first - 1, second - 1]`: rows in each cell. Where there are none, the nearest cell's stand in. */
  readonly rows: Int32Array;
  readonly spread: number;
}

/** What {@link accumulatedEffects} finds. */
export interface AccumulatedEffects {
  /** What is predicted: the target; of two classes the probability of the second, of more that of each. */
  readonly outputs: readonly string[];
  /** The mean prediction, by output: with it, effects add up. */
  readonly mean: Float64Array;
  /** By input, then by output. */
  readonly effects: readonly InputEffect[];
  readonly pairs: readonly PairEffect[];
  /**
   * By output: the root of the mean square of what is left of predictions less the mean and all effects and pairs asked for, over rows without missing cells. It is 0
   * of a sum of functions of one input each.
   */
  readonly rest: Float64Array;
}

const names = (value: unknown): string | undefined =>
  Array.isArray(value) && value.every((name) => typeof name === "string") ? undefined : "a list of inputs";

/**
 * How predictions change with each input (accumulated local effects; Apley and Zhu, J. R. Stat. Soc. B 82, 2020): within small steps of the input, rows that
 * lie there are asked what their prediction would be at either end, and the mean differences are added up. Unlike an average over all rows, no row is asked
 * about an input far from its own, where correlated inputs never are. Of a sum of functions of one input each, the effects are these functions.
 *
 * Numbers that have few values and categories are asked at these values, of the rows on both sides. Categories have no order of their own: neighbours are
 * those that are alike in the other inputs. Rows whose cell is missing say nothing of that input. The bands say how well the rows determine the curves of this
 * model, not whether the model is right.
 *
 * @throws on inputs that the method does not have, and the signal's reason if it is aborted
 * @example
 * ```ts
 * import { accumulatedEffects, ridge } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const carbon = [0.1, 0.2, 0.3, 0.4];
 * const table = tableOf({ carbon, temper: [200, 400, 300, 500], strength: [312, 344, 374.5, 406.5] });
 * const fitted = await ridge({ penalty: 0 }).fit(table, "strength");
 * const { effects, rest } = await accumulatedEffects(fitted, table, { inputs: ["carbon", "temper"] });
 * const { at, values } = effects[0]!;
 * console.log(at.length, Math.round((values[3]! - values[0]!) / 0.3), rest[0]! < 1e-9); // 4 310 true
 * ```
 */
export async function accumulatedEffects(
  fitted: Fitted,
  table: Table,
  options: EffectOptions = {},
): Promise<AccumulatedEffects> {
  const who = "accumulatedEffects";
  checkFitted(who, fitted, table);
  checkOptions<EffectOptions>(who, options, {
    optional: {
      inputs: names,
      pairs: (value) =>
        Array.isArray(value) && value.every((pair) => names(pair) === undefined && pair.length === 2)
          ? undefined
          : 'a list of pairs, such as [["carbon", "temper"]]',
      bins: checks.count,
      repeats: checks.wholeNumber,
      level: checks.betweenZeroAndOne,
      weights: rowWeights,
      groups: columnName,
      seed: checks.wholeNumber,
      signal: checks.signal,
      onProgress: progressListener,
    },
  });
  const known = fitted.inputs.map(({ name }) => name);
  const { inputs = known, pairs = [], repeats = 100, level = 0.9, groups, seed = 0, signal, onProgress } = options;
  const wanted = inputs.map((name) => placeOf(who, fitted, name));
  const wantedPairs = pairs.map(([a, b]) => {
    if (a === b) fail(who, `received the pair "${a}" and "${b}"; a pair is of two inputs.`, "mismatch");
    return [placeOf(who, fitted, a), placeOf(who, fitted, b)] as const;
  });
  const { unseen: _, ...rows } = inputsOf(table, fitted.inputs);
  const pause = pausing(signal, onProgress);
  let [done, text] = [0, ""];
  const rest = () => pause(() => ({ fraction: done / (wanted.length + wantedPairs.length + 1), text }));
  signal?.throwIfAborted();
  const weights = weightsOf(who, options.weights, table.rowCount);
  const outputs = outputsOf(fitted);
  const asking: Asking = { who, fitted, inputs: rows, weights, outputs, rest };
  const draws = drawnWeights(
    { rowCount: table.rowCount, ...groupsOf(table, groups) },
    weights,
    repeats,
    foldHost(randomKey(seed), who),
  );
  const everyRow = Int32Array.from({ length: rows.rowCount }, (_, row) => row);
  const predictions = await ask(who, fitted, rows, everyRow, [], rest);
  const sums = new Float64Array(predictions.length);
  const mean = meansOf(predictions, weights, outputs.names.length);
  const effects: InputEffect[] = [];
  for (const column of wanted) {
    text = `effect of ${known[column]}`;
    const axis = await axisOf(rows, column, weights, options.bins ?? 20, rest);
    effects.push(...(await inputEffects(asking, axis, draws, level, sums)));
    done++;
  }
  const together: PairEffect[] = [];
  for (const [a, b] of wantedPairs) {
    text = `effect of ${known[a]} with ${known[b]}`;
    const first = await axisOf(rows, a, weights, options.bins ?? 8, rest);
    const second = await axisOf(rows, b, weights, options.bins ?? 8, rest);
    together.push(...(await pairEffects(asking, first, second, draws, level, sums)));
    done++;
  }
  return {
    outputs: outputs.names,
    mean,
    effects,
    pairs: together,
    rest: restOf(predictions, mean, sums, weights),
  };
}

interface Asking {
  readonly who: string;
  readonly fitted: Fitted;
  readonly inputs: Inputs;
  readonly weights: Float64Array;
  readonly outputs: Outputs;
  readonly rest: () => Promise<void> | undefined;
}

async function inputEffects(
  { who, fitted, inputs, weights, outputs, rest }: Asking,
  axis: Axis,
  draws: readonly Float64Array[],
  level: number,
  sums: Float64Array,
): Promise<InputEffect[]> {
  const { rows, steps } = counted(rowsBySteps(axis, inputs.rowCount), weights);
  const end = (more: number) => [
    { column: axis.column, values: Float64Array.from(steps, (step) => axis.at[step + more]!) },
  ];
  const low = await ask(who, fitted, inputs, rows, end(0), rest);
  const high = await ask(who, fitted, inputs, rows, end(1), rest);
  const count = stepCount(axis);
  const perStep = countsOf(steps, count);
  const { length: width } = outputs.names;
  return outputs.names.map((output, o): InputEffect => {
    const values = Float64Array.from(rows, (_, i) => high[i * width + o]! - low[i * width + o]!);
    const differences: Differences = { rows, steps, values };
    const means = meansByStep(differences, count, weights);
    const curve = curveOf(axis, means, weights);
    const drawn = draws.map((some) => curveOf(axis, meansByStep(differences, count, some, means), some));
    const atRows = Float64Array.from({ length: inputs.rowCount }, (_, row) => valueAt(axis, curve, row));
    addTo(sums, atRows, o, width);
    return {
      ...axisFacts(axis),
      output,
      values: curve,
      ...bandOf(drawn, curve.length, level),
      rows: perStep,
      spread: rmsOf(atRows, weights),
    };
  });
}

async function pairEffects(
  { who, fitted, inputs, weights, outputs, rest }: Asking,
  first: Axis,
  second: Axis,
  draws: readonly Float64Array[],
  level: number,
  sums: Float64Array,
): Promise<PairEffect[]> {
  const across = stepCount(second);
  const all = rowsByCells(first, second, inputs.rowCount);
  const { rows, steps: cells } = counted({ rows: all.rows, steps: all.cells }, weights);
  const corner = (a: number, b: number) =>
    ask(
      who,
      fitted,
      inputs,
      rows,
      [
        { column: first.column, values: Float64Array.from(cells, (cell) => first.at[Math.floor(cell / across) + a]!) },
        { column: second.column, values: Float64Array.from(cells, (cell) => second.at[(cell % across) + b]!) },
      ],
      rest,
    );
  const corners = [await corner(0, 0), await corner(0, 1), await corner(1, 0), await corner(1, 1)] as const;
  const perCell = countsOf(cells, stepCount(first) * across);
  const { length: width } = outputs.names;
  const found: PairEffect[] = [];
  for (const [o, output] of outputs.names.entries()) {
    const values = Float64Array.from(rows, (_, i) => {
      const [none, b, a, both] = corners.map((corner) => corner[i * width + o]!) as [number, number, number, number];
      return both - a - (b - none);
    });
    const surface = pairSurface(first, second, { rows, cells, values }, weights);
    const drawn: Float64Array[] = [];
    for (const some of draws) {
      await rest();
      drawn.push(pairSurface(first, second, { rows, cells, values }, some));
    }
    const atRows = Float64Array.from({ length: inputs.rowCount }, (_, row) => surfaceAt(first, second, surface, row));
    addTo(sums, atRows, o, width);
    found.push({
      axes: [axisFacts(first), axisFacts(second)],
      output,
      values: surface,
      ...bandOf(drawn, surface.length, level),
      rows: perCell,
      spread: rmsOf(atRows, weights),
    });
  }
  return found;
}

/** Without the rows that do not count. */
function counted({ rows, steps }: Omit<Differences, "values">, weights: Float64Array): Omit<Differences, "values"> {
  const counts = (_: number, i: number): boolean => weights[rows[i]!]! > 0;
  return { rows: rows.filter(counts), steps: steps.filter(counts) };
}

function countsOf(steps: Int32Array, count: number): Int32Array {
  const counts = new Int32Array(count);
  for (const step of steps) counts[step]!++;
  return counts;
}

function axisFacts({ input, at }: Axis): EffectAxis {
  const { name } = input;
  if (input.type === "category") return { input: name, at: Array.from(at, (category) => input.categories[category]!) };
  return { input: name, at, ...(input.unit !== undefined && { unit: input.unit }) };
}

function bandOf(drawn: readonly Float64Array[], count: number, level: number) {
  if (drawn.length === 0) return {};
  const sorted = Array.from({ length: count }, (_, k) => Float64Array.from(drawn, (values) => values[k]!).sort());
  const end = (share: number) => Float64Array.from(sorted, (values) => quantile(values, share));
  return { lower: end((1 - level) / 2), upper: end((1 + level) / 2) };
}

/** The root of the mean square of what is known. */
function rmsOf(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (const [row, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    sum += weights[row]! * value ** 2;
    total += weights[row]!;
  }
  return total > 0 ? Math.sqrt(sum / total) : 0;
}

function addTo(sums: Float64Array, values: Float64Array, output: number, width: number): void {
  for (const [row, value] of values.entries()) sums[row * width + output]! += value;
}

function meansOf(predictions: Float64Array, weights: Float64Array, width: number): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = new Float64Array(width);
  for (const [i, value] of predictions.entries()) mean[i % width]! += (weights[Math.floor(i / width)]! * value) / total;
  return mean;
}

/** By output; rows of missing cells, whose sums are `NaN`, are left out. */
function restOf(
  predictions: Float64Array,
  mean: Float64Array,
  sums: Float64Array,
  weights: Float64Array,
): Float64Array {
  const { length: width } = mean;
  return mean.map((level, o) => {
    const left = weights.map((_, row) => predictions[row * width + o]! - level - sums[row * width + o]!);
    return rmsOf(left, weights);
  });
}
