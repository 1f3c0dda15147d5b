// What is told of the study: two tables and the report.
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import type { Figure, FigureText, Report } from "@hooke/report";
import { factorPerStep } from "./gradients.ts";
import { knowingNothing, type Name } from "./recall.ts";
import type { Found, Settings } from "./study.ts";

const brief = (value: number): string => value.toExponential(1);

/** Lags of the tables, for histories of `length` steps. */
export const lagsOf = (length: number): number[] => [...[1, 10, 50].filter((lag) => lag < length - 1), length - 1];

/** Below this RMSE a training counts as having found the marked load. */
export const solvedBelow = 0.1;

/** Gradient norms at some lags before and after training, a line for each network. */
export function gradientRows(found: readonly Found[], length: number): string[] {
  const lags = lagsOf(length);
  const cells = (values: readonly string[]) => values.map((value) => value.padStart(9)).join("");
  const heads = cells(lags.map((lag) => `lag ${lag}`));
  return [
    `${"network".padEnd(24)}${heads}  per step | ${heads}`,
    ...found.map(({ name, before, after }) => {
      const [first, last] = [before, after].map((norms) => cells(lags.map((lag) => brief(norms[lag]!))));
      return `${name.padEnd(24)}${first}${factorPerStep(before).toFixed(3).padStart(10)} | ${last}`;
    }),
  ];
}

const solved = (errors: readonly number[]): string =>
  `${errors.filter((error) => error < solvedBelow).length}/${errors.length}`;

/** Test RMSE by length: the mean over repetitions, and how many of them solved the task. */
export function errorRows(found: readonly Found[], lengths: readonly number[]): string[] {
  const line = (cells: readonly string[]) => cells.map((cell) => cell.padStart(16)).join("");
  return [
    `${"network".padEnd(24)}${line(lengths.map((length) => `T = ${length}`))}`,
    ...found.map(
      ({ name, errors }) =>
        `${name.padEnd(24)}${line(errors.map((values) => `${meanOf(values).toFixed(3)} (${solved(values)})`))}`,
    ),
  ];
}

function chart(found: readonly Found[], shown: readonly Name[], which: "before" | "after", text: FigureText): Figure {
  return {
    kind: "curves",
    ...text,
    xLabel: "lag (steps)",
    yLabel: "log10 of the gradient's norm",
    x: found[0]!.before.map((_, lag) => lag),
    series: shown.map((name) => ({
      label: name,
      values: found.find((one) => one.name === name)![which].map(Math.log10),
    })),
  };
}

export function gradientsReport(found: readonly Found[], settings: Settings): Report {
  const length = settings.lengths.at(-1)!;
  const of = (name: Name) => found.find((one) => one.name === name)!;
  const orders = ({ before }: Found) => Math.log10(before[1]! / before[length - 1]!);
  const factor = (name: Name) => factorPerStep(of(name).before).toFixed(3);
  return {
    title: "How far back in time gradients reach",
    summary: [
      { label: "Orders of magnitude lost from lag 1 to the first step: RNN", value: orders(of("RNN")) },
      { label: "LSTM", value: orders(of("LSTM")) },
      { label: "Attention", value: orders(of("attention")) },
    ],
    metrics: found.map(({ name, errors }) => ({
      name: `${name}: test RMSE`,
      values: Object.fromEntries(errors.map((values, i) => [`T = ${settings.lengths[i]}`, meanOf(values)])),
    })),
    figures: [
      chart(found, ["RNN", "LSTM", "attention", "Transformer"], "before", {
        title: "Before training",
        caption:
          `Recurrent gradients fall by a constant factor per step (RNN ${factor("RNN")}, LSTM ${factor("LSTM")}): ` +
          "straight lines here. Attention reaches every step in one, so that its curve stays level.",
      }),
      chart(found, ["GRU", "LSTM", "LSTM, forget bias 1", "LSTM, forget bias ln T"], "before", {
        title: "What the forget gate's bias does, before training",
        caption:
          "The cell keeps sigmoid(bias) of itself per step: a half around bias 0, 0.73 at 1, T / (T + 1) at ln T; " +
          "the line's slope follows.",
      }),
      chart(found, ["RNN", "LSTM", "LSTM, forget bias ln T", "attention"], "after", {
        title: "After training",
        caption:
          "Networks that solve the task end with a gradient near 1 at the marked step, the last lag, and little " +
          "elsewhere. In those that do not, it still falls by orders of magnitude.",
      }),
    ],
    details: [
      {
        title: "How",
        rows: [
          {
            label: "task",
            value: `report the load marked at the first step; saying 0 has RMSE ${knowingNothing.toFixed(3)}`,
          },
          {
            label: "norm",
            value: "of d(last output) / d(input at a step), f64, geometric mean over histories and seeds",
          },
          { label: "histories", value: `${settings.trainRows} of ${settings.lengths.join(", ")} steps for training` },
          { label: "hidden size", value: settings.hiddenSize },
          {
            label: "training",
            value:
              `Adam, learning rate ${settings.learningRate}, batches of ${settings.batchSize}, ` +
              `${settings.epochs} epochs, gradients clipped to norm 1`,
          },
          { label: "trainings", value: `${settings.repetitions} of each network and length` },
          { label: "seed", value: String(settings.seed) },
        ],
      },
    ],
  };
}
