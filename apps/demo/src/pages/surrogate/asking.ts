// Asking the network of a kept training: what it predicts of a row, and whether it was taught on such.
import { samplesOf } from "@hooke/baselines";
import { predict, type TrainedModel } from "@hooke/core";
import { tableDataset } from "@hooke/data";
import { checkDomain, type DomainCard, domainOf } from "@hooke/model-advisor";
import type { Backend } from "@hooke/runtime";
import { type Askable, askablesOf, type Row, tableOfRow } from "../../data/asked.ts";
import { loadSamples, type Samples } from "./samples.ts";
import type { Settings } from "./settings.ts";
import { modelAt } from "./taking.ts";

export interface Answer {
  /** In the unit of the target. */
  readonly value: number;
  /** Why the row is outside of what the network was taught on; empty where it is inside. */
  readonly outside: readonly string[];
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

let opened: { readonly of: string; readonly model: TrainedModel } | undefined;

/** @param digest of the checkpoint that the network is in. @throws where the training is no longer kept */
export async function answerOf(
  address: string,
  digest: string,
  settings: Settings,
  row: Row,
  backend: Backend,
): Promise<Answer> {
  const of = `${address} ${digest}`;
  const samples = await loadSamples(settings);
  if (opened?.of !== of) opened = { of, model: await modelAt(address, settings, samples) };
  const domain = domainOfRows(samples, settings);
  const table = tableOfRow(domain.inputs, row);
  const { inputs } = tableDataset(table, {
    ...{ target: [], inputs: samples.inputs, oneHot: samples.names, categories: samples.data.train.categories },
  });
  const { data } = await predict(opened.model, inputs, { backend });
  const [check] = checkDomain(domain, table);
  return { value: data[0]!, outside: check!.because };
}
