// The study in numbers: means over repetitions, and the tables that are printed.
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import { type Kind, kinds } from "./networks.ts";
import type { Settings } from "./settings.ts";
import { growthPerLayer, type Signal } from "./signals.ts";
import type { Found, Study } from "./study.ts";

/** A number of one training. */
export type Measure = (found: Found) => number;

/** In nat, over the last epoch. */
export const trainingLoss: Measure = ({ losses }) => losses.at(-1)!;
/** In percent. */
export const trainingError: Measure = ({ trainError }) => 100 * trainError;
/** In percent. */
export const testError: Measure = ({ testError }) => 100 * testError;

/** The repetitions of one network in the comparison by depth. */
export const repetitionsOf = ({ found }: Study, { learningRate }: Settings, kind: Kind, depth: number) =>
  found.filter(
    (one) => one.normalized && one.learningRate === learningRate && one.kind === kind && one.depth === depth,
  );

const columns = (name: string, nameWidth: number, cells: readonly string[], width: number): string =>
  name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(width)).join("");

/** Losses and errors by depth, a line for each network: means, and ranges over repetitions. */
export function depthRows(study: Study, settings: Settings): string[] {
  const line = (name: string, cells: readonly string[]) => columns(name, 14, cells, 20);
  return [
    line("network", ["training loss", "training error", "test error"]),
    ...kinds.flatMap((kind) =>
      settings.depths.map((depth) => {
        const found = repetitionsOf(study, settings, kind, depth);
        return line(`${kind}-${depth}`, [
          meanAndRange(found.map(trainingLoss), 2),
          meanAndRange(found.map(trainingError), 1),
          meanAndRange(found.map(testError), 1),
        ]);
      }),
    ),
  ];
}

function meanAndRange(values: readonly number[], digits: number): string {
  const show = (value: number): string => value.toFixed(digits);
  const range = values.length > 1 ? ` (${show(Math.min(...values))}-${show(Math.max(...values))})` : "";
  return show(meanOf(values)) + range;
}

/** Gradients at some convolutions from the input to the output. */
export function signalRows({ signals }: Study): string[] {
  const last = signals.plain.length - 1;
  const shown = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * last));
  const line = (name: string, cells: readonly string[]) => columns(name, 22, cells, 10);
  const rows = (name: string, show: (signal: Signal) => string) =>
    kinds.map((kind) =>
      line(
        `${kind}: ${name}`,
        shown.map((i) => show(signals[kind][i]!)),
      ),
    );
  return [
    line(
      "convolution",
      shown.map((i) => String(i + 1)),
    ),
    ...rows("norm", ({ norm }) => norm.toPrecision(2)),
    ...rows("agreement", ({ agreement }) => agreement.toFixed(3)),
    ...kinds.map(
      (kind) =>
        `${kind}: a layer nearer to the input, the norm is ${growthPerLayer(signals[kind]).toFixed(3)} times as large`,
    ),
  ];
}

/** Both kinds under one condition, in the first repetition. */
export interface Pair {
  readonly condition: number;
  readonly losses: Readonly<Record<Kind, number>>;
}

/** The deepest networks by learning rate. */
export function byRate({ found }: Study, { depths }: Settings): readonly Pair[] {
  const deepest = found.filter(({ normalized, depth }) => normalized && depth === depths.at(-1));
  return pairs(deepest, ({ learningRate }) => learningRate);
}

/** Networks without normalisation by depth. */
export const bareByDepth = ({ found }: Study): readonly Pair[] =>
  pairs(
    found.filter(({ normalized }) => !normalized),
    ({ depth }) => depth,
  );

function pairs(found: readonly Found[], condition: Measure): readonly Pair[] {
  const first = found.filter(({ repetition }) => repetition === 0);
  const lossOf = (key: number, kind: Kind) =>
    trainingLoss(first.find((one) => condition(one) === key && one.kind === kind)!);
  return [...new Set(first.map(condition))]
    .sort((a, b) => a - b)
    .map((key) => ({ condition: key, losses: { plain: lossOf(key, "plain"), residual: lossOf(key, "residual") } }));
}

/** Training losses of pairs, a line for each. */
export const pairRows = (name: string, found: readonly Pair[]): string[] => [
  columns(name, 14, kinds, 12),
  ...found.map(({ condition, losses }) =>
    columns(
      String(condition),
      14,
      kinds.map((kind) => losses[kind].toFixed(2)),
      12,
    ),
  ),
];
