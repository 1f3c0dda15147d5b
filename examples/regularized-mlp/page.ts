// What is told of the study: the table and the report.

import { deviationOf, meanOf } from "@hooke/example-study-frame/statistics.ts";
import type { Figure, Report } from "@hooke/report";
import { noise } from "./data.ts";
import type { Settings } from "./regularized.ts";
import { differences, type Found } from "./study.ts";

const show = (value: number): string => value.toFixed(3);
const signed = (value: number): string => (value < 0 ? "" : "+") + show(value);

const of = (found: readonly Found[], name: string): Found => found.find((one) => one.name === name)!;

/**
 * Mean and deviation of the test error, the mean difference from the plain network with its standard error, in how many
 * repetitions the error is below the plain network's, and the mean number of epochs trained.
 */
export function errorRows(found: readonly Found[]): string[] {
  const plain = of(found, "none");
  return [
    "parts                       test RMSE         against none   better   epochs",
    ...found.map((one) => {
      const { name, errors, histories } = one;
      const gains = differences(one, plain);
      const wins = `${gains.filter((gain) => gain < 0).length}/${gains.length}`;
      const error = `${show(meanOf(errors))} ± ${show(deviationOf(errors))}`;
      const gain = `${signed(meanOf(gains))} ± ${show(deviationOf(gains) / Math.sqrt(gains.length))}`;
      const epochs = meanOf(histories.map(({ length }) => length)).toFixed(0);
      return one === plain
        ? `${name.padEnd(25)}${error.padStart(14)}${"".padStart(29)}${epochs.padStart(9)}`
        : `${name.padEnd(25)}${error.padStart(14)}${gain.padStart(20)}${wins.padStart(9)}${epochs.padStart(9)}`;
    }),
  ];
}

function curves(found: readonly Found[], name: string, epochs: number): Figure {
  const { histories, errors } = of(found, name);
  const history = histories[0]!;
  const validation = history.map((record) => record.validation!.loss);
  const best = validation.indexOf(Math.min(...validation));
  return {
    kind: "curves",
    title: `Losses of one training: ${name}`,
    caption:
      `The validation loss is least in epoch ${best + 1}, ${show(validation[best]!)}, and ends at ` +
      `${show(validation.at(-1)!)} after ${history.length}; the training loss ends at ${show(history.at(-1)!.loss)}. ` +
      `The noise alone has ${noise ** 2}. Test RMSE ${show(errors[0]!)}.`,
    xLabel: "epoch",
    yLabel: "mean squared error",
    x: Array.from({ length: epochs }, (_, epoch) => epoch + 1),
    series: [
      { label: "training", values: history.map(({ loss }) => loss) },
      { label: "validation", values: validation },
    ].map(({ label, values }) => ({
      label,
      values: Array.from({ length: epochs }, (_, epoch) => values[epoch] ?? null),
    })),
  };
}

export function regularizationReport(found: readonly Found[], settings: Settings): Report {
  const summary = (name: string) => {
    const { errors } = of(found, name);
    return { label: `Test RMSE, ${name}`, value: `${show(meanOf(errors))} ± ${show(deviationOf(errors))}` };
  };
  const shown = ["none", "all but early stopping", "all"];
  return {
    title: "A network on few samples, with and without regularisation",
    summary: ["none", "all"].map(summary),
    metrics: found.map((one) => ({
      name: one.name,
      values: {
        "test RMSE": meanOf(one.errors),
        "standard deviation": deviationOf(one.errors),
        "against none": meanOf(differences(one, of(found, "none"))),
      },
    })),
    figures: shown.map((name) => curves(found, name, settings.epochs)),
    details: [
      {
        title: "How",
        rows: [
          { label: "function", value: "x0^2 + x1 x2 - x3 of ten standard normal variables; standard deviation 2" },
          { label: "noise", value: `standard deviation ${noise} in training and validation, none in the test` },
          {
            label: "rows",
            value: `${settings.trainRows} training, ${settings.validationRows} validation, ${settings.testRows} test`,
          },
          { label: "network", value: `10-${settings.hiddenSize}-${settings.hiddenSize}-1, relu` },
          {
            label: "training",
            value:
              `AdamW, learning rate ${settings.learningRate}, batches of ${settings.batchSize}, ` +
              `${settings.epochs} epochs`,
          },
          {
            label: "parts",
            value:
              `weight decay ${settings.weightDecay} on kernels, dropout ${settings.dropout}, cosine annealing to ` +
              `${settings.minimumRate}, early stopping after ${settings.patience} epochs without improvement`,
          },
          { label: "repetitions", value: `${settings.repetitions}, each with its own data and weights` },
          { label: "seed", value: String(settings.seed) },
        ],
      },
    ],
  };
}
