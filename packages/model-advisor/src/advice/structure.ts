// What the inputs are: tables as they are, sequences by their steps, images by statistics of each.
import { imageStatistics, type Samples, sequenceChannels, sequenceTable } from "@hooke/baselines";
import { type Dataset, datasetCheck, type Table, tableCheck } from "@hooke/data";
import { type Check, describe, fail } from "@hooke/runtime";
import type { Structure } from "../rules/rules.ts";
import type { AdviseOptions } from "./options.ts";

/** Data as a table, and what they were. */
export interface Told {
  readonly table: Table;
  readonly structure: Structure;
}

/** Expects a table or a dataset. */
export const dataCheck: Check = (value) =>
  tableCheck(value) === undefined || datasetCheck(value) === undefined
    ? undefined
    : "a table, such as parseCsv(text) makes, or a dataset of sequences or images";

/** @throws on datasets whose inputs are neither sequences nor images */
export async function tableOfData(data: Table | Dataset, options: AdviseOptions): Promise<Told> {
  if (datasetCheck(data) !== undefined) return { table: data as Table, structure: "table" };
  const { inputs } = data as Dataset;
  switch (inputs.shape.length) {
    case 3:
      return { table: sequenceTable(data as Dataset), structure: "sequences" };
    case 4:
    case 5: {
      const { backend } = options;
      return { table: await imageStatistics(data as Dataset, backend ? { backend } : {}), structure: "images" };
    }
    default: {
      const what = "sequences are [rows, time, channels], images [rows, height, width, channels], volumes have a depth";
      return fail("advise", `received inputs ${describe(inputs)}; ${what}. Give tables as they are.`, "mismatch");
    }
  }
}

/** Sequences in the columns of a table are sequences, too. */
export const structureOf = (structure: Structure, samples: Samples): Structure =>
  structure === "table" && sequenceChannels(samples).length > 0 ? "sequences" : structure;
