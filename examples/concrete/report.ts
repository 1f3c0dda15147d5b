// What is told of a training: the table of metrics, and the report.
import { arch, version as nodeVersion, platform } from "node:process";
import wasm from "@hooke/backend-wasm/package.json" with { type: "json" };
import type { History, Summary } from "@hooke/core";
import core from "@hooke/core/package.json" with { type: "json" };
import type { Dataset } from "@hooke/data";
import type { Report } from "@hooke/report";
import runtime from "@hooke/runtime/package.json" with { type: "json" };
import { epochs, type Settings, seed, type Trial } from "./surrogate.ts";

/** A part of the data, and what the model makes of it. */
export interface Part {
  readonly name: string;
  readonly rows: Dataset;
  readonly metrics: Readonly<Record<string, number>>;
  /** In MPa. */
  readonly predicted: ArrayLike<number>;
}

export function settingsText({ hidden, weightDecay }: Settings): string {
  return `hidden layers of ${hidden.join(" and ")} units, weight decay ${weightDecay}`;
}

const units: Readonly<Record<string, string>> = { rmse: "MPa", mae: "MPa", r2: "" };

/** A table: a line per metric, a column per part. */
export function metricRows(parts: readonly Part[]): string[] {
  const columns = [
    ["metric", ...Object.keys(units)],
    ...parts.map(({ name, rows, metrics }) => [
      `${name} (${rows.count} rows)`,
      ...Object.entries(units).map(([metric, unit]) => `${metrics[metric]!.toFixed(unit ? 2 : 3)} ${unit.padEnd(3)}`),
    ]),
  ];
  return columns[0]!.map((first, row) =>
    columns
      .slice(1)
      .reduce((line, column) => `${line}  ${column[row]!.padStart(column[0]!.length)}`, first.padEnd(6))
      .trimEnd(),
  );
}

export interface Results {
  /** The first is the one trained. */
  readonly trials: readonly Trial[];
  readonly layers: Summary;
  readonly history: History;
  readonly parts: readonly [training: Part, validation: Part, test: Part];
  readonly seconds: number;
  /** What deserves a look, as `fit` returns it. */
  readonly warnings: readonly string[];
}

export function concreteReport({ trials, layers, history, parts, seconds, warnings }: Results): Report {
  const [training, , test] = parts;
  const counted = history.map(({ epoch }) => epoch + 1);
  const validation = history.map((record) => record.validation!);
  return {
    title: "Compressive strength of concrete",
    summary: [
      { label: "Test RMSE", value: `${test.metrics.rmse!.toFixed(2)} MPa` },
      { label: "Test R²", value: test.metrics.r2!.toFixed(3) },
      { label: "Parameters", value: layers.parameters },
      { label: "Training time", value: `${seconds.toFixed(1)} s` },
    ],
    history: {
      epochs: counted,
      series: [
        { label: "training loss", values: history.map(({ loss }) => loss) },
        { label: "validation loss", values: validation.map(({ loss }) => loss) },
      ],
    },
    figures: [
      {
        kind: "curves",
        title: "Validation error",
        caption: `RMSE on rows not trained on, in the units of the data. It ends at ${validation.at(-1)!.metrics.rmse!.toFixed(2)} MPa.`,
        xLabel: "epoch",
        yLabel: "RMSE (MPa)",
        x: counted,
        series: [{ label: "validation RMSE", values: validation.map(({ metrics }) => metrics.rmse!) }],
      },
    ],
    metrics: Object.entries(units).map(([metric, unit]) => ({
      name: unit ? `${metric} (${unit})` : metric,
      values: Object.fromEntries(parts.map(({ name, metrics }) => [name, metrics[metric]!])),
    })),
    parity: [training, test].map(({ name, rows, predicted }) => ({
      label: name,
      actual: rows.targets.data,
      predicted,
    })),
    quantity: "compressive strength (MPa)",
    warnings,
    details: [
      {
        title: "Candidates, by validation RMSE on a fifth of the training rows",
        rows: trials.map(({ settings, error }) => ({
          label: settingsText(settings),
          value: `${error.toFixed(2)} MPa`,
        })),
      },
      {
        title: "Training",
        rows: [
          { label: "model", value: settingsText(trials[0]!.settings) },
          { label: "loss", value: "mean squared error of the standardised strength" },
          { label: "optimizer", value: "AdamW, learning rate 0.001, batches of 32 rows" },
          { label: "inputs and targets", value: "standardised with mean and deviation of the training rows" },
          { label: "epochs", value: epochs },
          { label: "seed", value: String(seed) },
        ],
      },
      {
        title: "Data",
        rows: [
          { label: "file", value: test.rows.source },
          { label: "rows", value: parts.map(({ name, rows }) => `${rows.count} ${name}`).join(", ") },
          { label: "test rows", value: "the first of the 20 standard splits of Hernández-Lobato and Adams, 2015" },
          { label: "inputs", value: test.rows.inputNames.join(", ") },
          { label: "columns not used", value: test.rows.unusedColumns?.join(", ") || "none" },
          {
            label: "from",
            value:
              "I-C. Yeh, Modeling of strength of high-performance concrete using artificial neural networks, " +
              "Cement and Concrete Research 28(12), 1998; UCI Machine Learning Repository, CC BY 4.0",
          },
        ],
      },
      {
        title: "Versions",
        rows: [
          ...[runtime, core, wasm].map(({ name, version }) => ({ label: name, value: version })),
          { label: "Node", value: `${nodeVersion} on ${platform} ${arch}` },
        ],
      },
    ],
  };
}
