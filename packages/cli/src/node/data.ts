// What commands have in common: models are read, columns are named by the same options.
import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { wasmBackend } from "@hooke/backend-wasm";
import type { Method, Samples } from "@hooke/baselines";
import { fileSystemError } from "@hooke/data/node";
import { decodeModelFile, type ModelFile, type Structure } from "@hooke/model-advisor";
import { graphNetwork, graphNetworks } from "@hooke/model-advisor/graphs";
import {
  imageNetwork,
  network,
  networksFor,
  sequenceNetwork,
  type TrainingOptions,
} from "@hooke/model-advisor/network";
import { type Backend, fail, type Plugin } from "@hooke/runtime";
import { names, type Option, whole } from "./command.ts";
import { checkPresent } from "./paths.ts";
import { reading } from "./reading.ts";

/** Options of commands that learn from a table. */
export const learning: Readonly<Record<string, Option>> = {
  target: { value: "COLUMN", required: true, does: "the column to predict" },
  groups: {
    value: "COLUMN",
    does: "the column that names what rows belong to, such as specimens; none: rows stand by themselves",
  },
  inputs: { value: "A,B,...", read: names, does: "the columns to predict from; default all others" },
  categories: { value: "A,B,...", read: names, does: "columns of numbers that are names, such as a supplier's" },
  classes: { does: "the numbers of the target are classes" },
  seed: { value: "NUMBER", read: whole, does: "of all that is random; default 0" },
  ...reading,
};

/** What {@link learning} says to methods and to the advisor; `groups` apart, where they differ. */
export function columnsIn(options: Readonly<Record<string, unknown>>) {
  const { inputs, categories, classes } = options as {
    readonly inputs?: string[];
    readonly categories?: string[];
    readonly classes?: boolean;
  };
  return { ...(inputs && { inputs }), ...(categories && { categories }), ...(classes && { classes }) };
}

/** Asks before long work whether a file can be written; without a path there is none. @throws saying why it cannot */
export async function checkWritable(path: unknown): Promise<void> {
  if (typeof path !== "string") return;
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw fileSystemError("hooke", "write", path, error);
  }
}

/** Where methods of files come from that are no classical ones. */
const networks: Plugin = { name: "networks", methods: { graphNetwork, imageNetwork, network, sequenceNetwork } };

/** Networks that are candidates, whatever the data are. */
export const allNetworks = (
  structure: Structure,
  samples: Samples,
  training?: TrainingOptions,
): Readonly<Record<string, Method>> => ({
  ...networksFor(structure, training),
  ...graphNetworks(structure, samples, training),
});

/** A model from a file. */
export async function modelIn(path: string): Promise<ModelFile> {
  await checkPresent(path);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileSystemError("hooke", "read", path, error);
  });
  if (/\.(csv|tsv|txt|dat)$/i.test(path)) {
    fail(
      "hooke",
      `received the table "${path}" where a model is expected; the model comes before the table.`,
      "mismatch",
    );
  }
  return decodeModelFile(bytes, { plugins: [networks] });
}

let started: Backend | undefined;
/** Where Gaussian processes are computed. */
export function backend(): Backend {
  started ??= wasmBackend();
  return started;
}
