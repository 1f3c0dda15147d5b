// Asking the network of a kept training: what it predicts of a row, and whether it was taught on such.
import { samplesOf } from "@hooke/baselines";
import { predict, type TrainedModel } from "@hooke/core";
import { tableDataset } from "@hooke/data";
import { checkDomain, type DomainCard, domainOf } from "@hooke/model-advisor";
import type { Backend, HostArray } from "@hooke/runtime";
import { type Askable, askablesOf, type Row, tableOfRows } from "../../data/asked.ts";
import type { Points } from "../../shell/plot.ts";
import { type SeenNumber, scaleOf } from "../../shell/seen-number.ts";
import { type Bounding, boundingOf, type Reliability } from "./bounding.ts";
import { loadSamples, type Samples } from "./samples.ts";
import type { Settings } from "./settings.ts";
import { modelAt } from "./taking.ts";

export interface Answer {
  /** In the unit of the target. */
  readonly value: number;
  /** Why the row is outside of what the network was taught on; empty where it is inside. */
  readonly outside: readonly string[];
  /** Where nine of ten true values are expected; absent where too few rows were held back to say. */
  readonly bounds?: { readonly lower: number; readonly upper: number; readonly reliability: Reliability };
  /** What is said along one input, all others as they are; absent without bounds. */
  readonly along?: Points;
}

let known: { readonly samples: Samples; readonly domain: DomainCard } | undefined;

/** Where the training rows lie. */
function domainOfRows(samples: Samples, { target }: Settings): DomainCard {
  if (known?.samples === samples) return known.domain;
  const { table, inputs, names } = samples;
  known = { samples, domain: domainOf(samplesOf(table, target, { inputs, categories: names })) };
  return known.domain;
}

/** What can be asked about. */
export async function inputsOf(settings: Settings): Promise<Askable[]> {
  const samples = await loadSamples(settings);
  return askablesOf(domainOfRows(samples, settings).inputs, samples.table);
}

interface Opened {
  readonly of: string;
  readonly model: TrainedModel;
  readonly bounding: Bounding | undefined;
}

let opened: Opened | undefined;

/** Points of a line along an input. */
const points = 61;

/**
 * @param digest of the checkpoint that the network is in
 * @param along a number among the inputs; empty where there is none
 * @throws where the training is no longer kept
 */
export async function answerOf(
  address: string,
  digest: string,
  settings: Settings,
  row: Row,
  along: string,
  backend: Backend,
): Promise<Answer> {
  const of = `${address} ${digest}`;
  const samples = await loadSamples(settings);
  if (opened?.of !== of) {
    const model = await modelAt(address, settings, samples);
    opened = { of, model, bounding: await boundingOf(model, samples, settings.width, backend) };
  }
  const { model, bounding } = opened;
  const domain = domainOfRows(samples, settings);
  const inputsOfRows = (rows: readonly Row[]): HostArray =>
    tableDataset(tableOfRows(domain.inputs, rows), {
      ...{ target: [], inputs: samples.inputs, oneHot: samples.names, categories: samples.data.train.categories },
    }).inputs;
  const [check] = checkDomain(domain, tableOfRows(domain.inputs, [row]));
  const outside = check!.because;
  if (bounding === undefined) {
    const { data } = await predict(model, inputsOfRows([row]), { backend });
    return { value: data[0]!, outside };
  }
  const input = askablesOf(domain.inputs, samples.table).find(({ name }) => name === along);
  const x = input?.type === "number" ? lineAlong(input) : [];
  const rows = [row, ...x.map((value) => ({ ...row, [along]: value }))];
  const { values, lower, upper } = await bounding.bounded(inputsOfRows(rows));
  const bounds = { lower: lower[0]!, upper: upper[0]!, reliability: bounding.reliability };
  const line = [values, lower, upper].map((column) => Array.from(column).slice(1));
  return { value: values[0]!, outside, bounds, ...(x.length > 0 && { along: [x, ...line] }) };
}

function lineAlong(input: SeenNumber): number[] {
  const { min, max } = scaleOf(input);
  return Array.from({ length: points }, (_, i) => min + ((max - min) * i) / (points - 1));
}
