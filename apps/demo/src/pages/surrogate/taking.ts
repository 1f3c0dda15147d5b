// What is taken away of a training: its model at the best epoch, the code that asks it, and its report.
import type { TrainedModel } from "@hooke/core";
import { decodeCheckpoint, encodeModel } from "@hooke/core/checkpoint";
import { renderReport } from "@hooke/report";
import script from "uplot/dist/uPlot.iife.min.js?raw";
import license from "uplot/LICENSE?raw";
import { fileName } from "../../data/file-name.ts";
import { keptCheckpoint } from "../../jobs/storage.ts";
import { agreement, axisOf } from "../../shell/readings.ts";
import { describe } from "../../shell/settings.ts";
import { network } from "./network.ts";
import { overfitting } from "./overfitting.ts";
import { loadSamples, type Samples } from "./samples.ts";
import { fields, type Settings } from "./settings.ts";
import type { Training } from "./training.ts";

/** At the best epoch. @throws where the training is no longer kept */
export async function modelAt(address: string, settings: Settings, samples: Samples): Promise<TrainedModel> {
  const kept = (await keptCheckpoint(address)) as Blob;
  const { model, best } = decodeCheckpoint(new Uint8Array(await kept.arrayBuffer()), { layer: network(settings) });
  return { ...model, preprocessing: samples.preprocessing, ...(best && { variables: best }) };
}

/** A safetensors file. @throws where the training is no longer kept */
export async function modelOf(address: string, settings: Settings): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(encodeModel(await modelAt(address, settings, await loadSamples(settings))));
}

/** A script that asks the model of the first training row. */
export async function codeOf(settings: Settings): Promise<string> {
  const { target } = settings;
  const { table, data } = await loadSamples(settings);
  const { inputs, targets, inputNames = [] } = data.train;
  const unitOf = (column: string): string => {
    const unit = table.columns.find(({ name }) => name === column)?.unit;
    return unit === undefined ? "" : ` ${unit}`;
  };
  const lines = inputNames.map((name, i) => `  ${inputs.data[i]}, // ${name}${unitOf(name)}`);
  return `import { readFile } from "node:fs/promises";
import { wasmBackend } from "@hooke/backend-wasm";
import { core, predict } from "@hooke/core";
import { decodeModel } from "@hooke/core/checkpoint";
import { array } from "@hooke/runtime";

const model = decodeModel(await readFile(${JSON.stringify(`${fileName(target)}.safetensors`)}), { plugins: [core] });
const row = [
${lines.join("\n")}
];
const { data } = await predict(model, array([row]), { backend: wasmBackend() });
console.log(data[0]); // ${target}${unitOf(target)}: the table has ${targets.data[0]}
`;
}

/** A whole page. */
export async function reportOf(training: Training, settings: Settings): Promise<string> {
  const { table, inputs } = await loadSamples(settings);
  const { curves, parity, best, digest, taught } = training;
  const [actual, predicted] = parity as [number[], number[]];
  const unit = table.columns.find(({ name }) => name === settings.target)?.unit ?? "";
  const quantity = axisOf(settings.target, unit);
  const error = axisOf("Root mean square error", unit);
  const warning = overfitting(training, unit);
  const report = {
    title: `A surrogate of ${settings.target}`,
    quantity,
    summary: [
      { label: `${error}, held back, best epoch`, value: best?.error ?? "–" },
      { label: "Best epoch", value: best?.epoch ?? "–" },
      { label: "R², held back, last epoch", value: agreement(actual, predicted).r2 },
      { label: "The same error of guessing the mean", value: taught?.guessing ?? "–" },
    ],
    ...(warning !== "" && { warnings: [warning] }),
    figures: [
      {
        kind: "curves",
        title: "Error while learning",
        caption: best === undefined ? "" : `On rows held back it is smallest after epoch ${best.epoch}.`,
        xLabel: "epoch",
        yLabel: error,
        x: curves.validation.map((_, i) => i + 1),
        series: [
          { label: "training rows", values: curves.train.slice(0, curves.validation.length) },
          { label: "rows held back", values: curves.validation },
        ],
        logarithmic: true,
      } as const,
    ],
    parity: [{ label: "rows held back", actual, predicted }],
    details: [
      {
        title: "Run",
        rows: [
          { label: "Settings", value: describe(fields, settings) },
          { label: "File", value: table.source },
          { label: "Inputs", value: inputs.join(", ") },
          {
            label: "Rows",
            value: `${taught?.train} for training, ${taught?.validation} held back, ${taught?.left} with missing cells`,
          },
          { label: "SHA-256 of the last checkpoint", value: digest },
        ],
      },
    ],
  };
  return renderReport(report, { script, license });
}
