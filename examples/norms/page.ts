// What is told of the study: three tables and the report.
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import type { Figure, Report } from "@hooke/report";
import { type NormName, normNames } from "./network.ts";
import type { Found, Settings, Trained } from "./study.ts";
import { decades, type TaskName, taskNames, taskOf } from "./tasks.ts";

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** By decade, the mean over repetitions. */
const averaged = ({ errors }: Trained): number[] =>
  decades.map((_, decade) => meanOf(errors.map((one) => one[decade]!)));

/** The smallest and the largest value over decades and repetitions. */
const range = ({ errors }: Trained): string =>
  `${percent(Math.min(...errors.flat()))} to ${percent(Math.max(...errors.flat()))}`;

const resultOf = (found: Found, task: TaskName, norm: NormName): Trained =>
  found.trained.find((one) => one.task === task && one.norm === norm)!;

const line = (name: string, norm: string, cells: readonly string[]): string =>
  `${name.padEnd(26)}${norm.padEnd(7)}${cells.map((cell) => cell.padStart(12)).join("")}`;

/** How far apart loads are after the first norm, by decade. */
export function spreadRows({ spreads }: Found): string[] {
  return [
    line("", "norm", decades),
    ...spreads.map(({ norm, spread }) =>
      line(
        "",
        norm,
        spread.map((value) => value.toPrecision(2)),
      ),
    ),
  ];
}

/** Median relative test errors by decade of the load, the mean over repetitions. */
export function errorRows(found: Found): string[] {
  return [
    `${line("task", "norm", decades)}   over decades and repetitions`,
    ...taskNames.flatMap((task) =>
      normNames.map((norm) => {
        const trained = resultOf(found, task, norm);
        return `${line(norm === "none" ? task : "", norm, averaged(trained).map(percent))}   ${range(trained)}`;
      }),
    ),
  ];
}

/** Test errors with the statistics of batches and with running ones. */
export function modeRows({ modes }: Found): string[] {
  return [
    line("batch size", "norm", ["as trained", "inference"]),
    ...modes.map(({ norm, batchSize, training, inference }) =>
      line(String(batchSize), norm, [percent(meanOf(training)), percent(meanOf(inference))]),
    ),
  ];
}

const axis = { xLabel: "log10 of the load (kN/m), middle of its decade", x: decades.map((_, i) => i + 0.5) };

function errorChart(found: Found, task: TaskName): Figure {
  return {
    kind: "curves",
    ...axis,
    title: `Error: ${task}`,
    caption: `Median relative test error, mean over repetitions. ${taskOf(task).about}.`,
    yLabel: "log10 of the relative error",
    series: normNames.map((norm) => ({
      label: norm,
      values: averaged(resultOf(found, task, norm)).map(Math.log10),
    })),
  };
}

export function normsReport(found: Found, settings: Settings): Report {
  const smallLoads = (task: TaskName, norm: NormName) => percent(averaged(resultOf(found, task, norm))[0]!);
  return {
    title: "Norms and loads of very different magnitude",
    summary: normNames.map((norm) => ({
      label: `Error of moment per load at 1-10 kN/m, norm: ${norm}`,
      value: smallLoads("moment per load", norm),
    })),
    metrics: found.trained.map((trained) => ({
      name: `${trained.task}, ${trained.norm}: relative error`,
      values: Object.fromEntries(averaged(trained).map((value, i) => [`${decades[i]} kN/m`, value])),
    })),
    figures: [
      {
        kind: "curves",
        ...axis,
        title: "What a norm leaves of the differences between loads",
        caption:
          "Standard deviation over the loads of a decade after the first norm, before training. Batch norm divides " +
          "all by the deviation that the largest loads make, so that small ones become one point; layer and group " +
          "norm treat each load alike, one curve on the other.",
        yLabel: "log10 of the spread",
        series: found.spreads.map(({ norm, spread }) => ({ label: norm, values: spread.map(Math.log10) })),
      },
      ...taskNames.map((task) => errorChart(found, task)),
    ],
    details: [
      {
        title: "Batch statistics and running ones: median relative error of moment per load",
        rows: found.modes.map(({ norm, batchSize, training, inference }) => ({
          label: `${norm} norm, batches of ${batchSize}`,
          value: `${percent(meanOf(training))} with batch statistics, ${percent(meanOf(inference))} in inference`,
        })),
      },
      {
        title: "How",
        rows: [
          {
            label: "network",
            value: "two blocks of dense (64, no bias), norm with scale and bias, relu; a linear head",
          },
          { label: "group norm", value: "8 groups of 8 channels" },
          { label: "none", value: "scale and bias alone, so that all networks have the same parameters" },
          {
            label: "loss",
            value: "squared relative error, or squared error of the logarithm: all magnitudes count the same",
          },
          {
            label: "training",
            value:
              `Adam, learning rate ${settings.learningRate}, batches of ${settings.batchSize}, ` +
              `${settings.epochs} epochs`,
          },
          { label: "load cases", value: `${settings.trainRows} for training, ${settings.testRows} for the test` },
          { label: "repetitions", value: settings.repetitions },
          { label: "seed", value: String(settings.seed) },
        ],
      },
    ],
  };
}
