// Asking the model that is kept of a run: what it says of a micrograph, and where it looks.
import { core, predict, type TrainedModel } from "@hooke/core";
import { decodeModel } from "@hooke/core/checkpoint";
import { gradCam } from "@hooke/explain";
import { convolution } from "@hooke/layers-conv";
import type { Backend, HostArray } from "@hooke/runtime";
import { domainDistance, transfer } from "@hooke/transfer";
import { loadCheckpoint } from "../../jobs/storage.ts";
import { answersOf, type Remembered } from "./learning.ts";
import { cut, greyOf, type Stiff } from "./pictures.ts";
import { statisticsOf } from "./rival.ts";
import { imagesOf, micrographsOf } from "./sample.ts";
import { isClass, type Settings, sideOf } from "./settings.ts";

/** A micrograph that is held out, by its number, or a picture of a file. */
export type Asked =
  | { readonly row: number }
  | { readonly name: string; readonly bytes: Uint8Array; readonly stiff: Stiff };

/** What the model says. */
export interface Said {
  /** 1 where stiff, row by row from the top. */
  readonly stiff: Float32Array;
  /** What each position adds to the prediction, over the largest of them: from -1 to 1. */
  readonly pulls: { readonly shape: readonly number[]; readonly values: readonly number[] };
  readonly predicted: number;
  readonly fraction: number;
  /** Why it should not be believed. */
  readonly doubts: readonly string[];
  /** Of a picture: the grey that parts the phases. */
  readonly level: number | undefined;
}

/** What is kept of a run that has a model. @throws where none is */
async function keptModel(address: string) {
  const { model, statistics } = ((await loadCheckpoint(address)) ?? {}) as Partial<Remembered>;
  if (model === undefined || statistics === undefined) {
    throw new Error("There is no model of this run yet, or it is no longer kept: press Start.");
  }
  return { file: new Uint8Array(await model.arrayBuffer()), statistics };
}

/** The file of a run's model. @throws where none is kept */
export const modelFile = async (address: string): Promise<Uint8Array<ArrayBuffer>> => (await keptModel(address)).file;

/** The last layer that still tells 8 x 8 positions apart at least. */
function layerOf({ learner, side }: Settings): string {
  if (learner === "network") return "block3";
  return `features.layer.${side === "64" ? "block3" : "block2"}`;
}

async function imageOf(asked: Asked, settings: Settings, exact: Backend) {
  if ("row" in asked) {
    const { stiff } = await (await micrographsOf(exact, settings)).at(asked.row);
    return { stiff, level: undefined };
  }
  return cut(await greyOf(asked.bytes, asked.name, sideOf(settings)), asked.stiff, asked.name);
}

export async function ask(
  address: string,
  settings: Settings,
  asked: Asked,
  { chosen, exact }: { readonly chosen: Backend; readonly exact: Backend },
): Promise<Said> {
  const { file, statistics } = await keptModel(address);
  const model: TrainedModel = decodeModel(file, { plugins: [core, convolution, transfer] });
  const { stiff, level } = await imageOf(asked, settings, exact);
  const fraction = stiff.reduce((sum, value) => sum + value, 0) / stiff.length;
  const image = imagesOf([{ stiff }], settings);
  const predicted = answersOf(await predict(model, image, { backend: chosen }), settings)[0]!;
  const output = isClass(settings) ? predicted : 0;
  const layer = layerOf(settings);
  const { values: map } = await gradCam(model, image, {
    backend: chosen,
    layer,
    output,
    weighting: "each",
    sign: "both",
  });
  const values = Array.from(map.data, Number);
  const largest = Math.max(...values.map(Math.abs)) || 1;
  const pulls = { shape: map.shape.slice(1), values: values.map((value) => value / largest) };
  const doubts = "row" in asked ? [] : doubtsOf(await statisticsOf(image, settings, exact), statistics);
  return { stiff, pulls, predicted, fraction, doubts, level };
}

/** Compares the statistics of a picture with those of the training: the first is the share of the stiff phase. */
function doubtsOf(own: HostArray, known: HostArray): string[] {
  const [count, width] = known.shape as [number, number];
  const shares = Array.from({ length: count }, (_, row) => Number(known.data[row * width]));
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  const share = Number(own.data[0]);
  const percent = (value: number): string => `${Math.round(100 * value)} %`;
  const { outside } = domainDistance(own, known);
  return [
    ...(share < least || share > most
      ? [`${percent(share)} of it is stiff; it was taught on ${percent(least)} to ${percent(most)}`]
      : []),
    ...(outside > 0
      ? ["its two-point statistics are farther from those it was taught on than 95 % of these are from one another"]
      : []),
  ];
}
