// What is taken away of a training: its model at the best epoch, and its report.
import type { TrainedModel } from "@hooke/core";
import { decodeCheckpoint, encodeModel } from "@hooke/core/checkpoint";
import { renderReport } from "@hooke/report";
import script from "uplot/dist/uPlot.iife.min.js?raw";
import license from "uplot/LICENSE?raw";
import { keptCheckpoint } from "../../jobs/storage.ts";
import { describe } from "../../shell/settings.ts";
import { overfitting } from "./overfitting.ts";
import { network } from "./samples.ts";
import { fields, type Settings } from "./settings.ts";
import type { Training } from "./training.ts";

/** At the best epoch. @throws where the training is no longer kept */
export async function modelAt(address: string, settings: Settings): Promise<TrainedModel> {
  const kept = (await keptCheckpoint(address)) as Blob;
  const { model, best } = decodeCheckpoint(new Uint8Array(await kept.arrayBuffer()), { layer: network(settings) });
  return best === undefined ? model : { ...model, variables: best };
}

/** A safetensors file. @throws where the training is no longer kept */
export const modelOf = async (address: string, settings: Settings): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(encodeModel(await modelAt(address, settings)));

/** A whole page. */
export function reportOf(training: Training, settings: Settings): Promise<string> {
  const { curves, parity, best, digest } = training;
  const [actual, predicted] = parity as [number[], number[]];
  const warning = overfitting(training);
  const report = {
    title: "A surrogate of y = x₀² + x₁x₂ − x₃",
    summary: [
      { label: "Best validation loss", value: best?.loss ?? "–" },
      { label: "Best epoch", value: best?.epoch ?? "–" },
      { label: "Loss of the noise alone", value: 0.09 },
    ],
    ...(warning !== "" && { warnings: [warning] }),
    history: {
      epochs: curves.validation.map((_, i) => i + 1),
      series: [
        { label: "training", values: curves.train },
        { label: "validation", values: curves.validation },
      ],
    },
    parity: [{ label: "validation", actual, predicted }],
    details: [
      {
        title: "Run",
        rows: [
          { label: "Settings", value: describe(fields, settings) },
          {
            label: "Data",
            value: "2,000 rows of ten standard normal inputs, noise 0.3; 1,600 for training, 400 for validation",
          },
          { label: "SHA-256 of the last checkpoint", value: digest },
        ],
      },
    ],
  };
  return renderReport(report, { script, license });
}
