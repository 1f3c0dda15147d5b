// Asking the network of a kept training: what it predicts of a row, what is true, and whether it was taught on such.

import { samplesOf } from "@hooke/baselines";
import { predict, type TrainedModel } from "@hooke/core";
import { tableOf } from "@hooke/data";
import { checkDomain, type DomainCard, domainOf } from "@hooke/model-advisor";
import { array, type Backend } from "@hooke/runtime";
import type { SeenNumber } from "../../shell/number-slider.tsx";
import { inputCount, surrogateData, target } from "./samples.ts";
import type { Settings } from "./settings.ts";
import { modelAt } from "./taking.ts";

export interface Answer {
  readonly value: number;
  /** Of the function, without noise. */
  readonly truth: number;
  /** Why the row is outside of what the network was taught on; empty where it is inside. */
  readonly outside: readonly string[];
}

const nameOf = (input: number): string => `x${input}`;
/** Columns of rows, by name. */
const columnsOf = (rows: readonly ArrayLike<number>[]): Record<string, number[]> =>
  Object.fromEntries(Array.from({ length: inputCount }, (_, i) => [nameOf(i), rows.map((row) => row[i]!)]));

let taught: { readonly seed: number; readonly domain: DomainCard } | undefined;

/** Where the training rows of a seed lie. */
async function domainAt(seed: number, backend: Backend): Promise<DomainCard> {
  if (taught?.seed === seed) return taught.domain;
  const { inputs } = (await surrogateData(backend, seed)).train;
  const rows = Array.from({ length: inputs.shape[0]! }, (_, row) =>
    Array.from(inputs.data.subarray(row * inputCount, (row + 1) * inputCount) as Float32Array),
  );
  const table = tableOf({ ...columnsOf(rows), y: rows.map(() => 0) });
  taught = { seed, domain: domainOf(samplesOf(table, "y", {})) };
  return taught.domain;
}

/** What was seen of each input. */
export const seenOf = async ({ seed }: Settings, backend: Backend): Promise<readonly SeenNumber[]> =>
  (await domainAt(seed, backend)).ranges.map(({ input, least, most }) => ({ name: input, unit: "", least, most }));

let opened: { readonly of: string; readonly model: TrainedModel } | undefined;

/** @param digest of the checkpoint that the network is in. @throws where the training is no longer kept */
export async function answerOf(
  address: string,
  digest: string,
  settings: Settings,
  row: readonly number[],
  backend: Backend,
): Promise<Answer> {
  const of = `${address} ${digest}`;
  if (opened?.of !== of) opened = { of, model: await modelAt(address, settings) };
  const { data } = await predict(opened.model, array([[...row]]), { backend });
  const [check] = checkDomain(await domainAt(settings.seed, backend), tableOf(columnsOf([row])));
  return { value: data[0]!, truth: target(row), outside: check!.because };
}
