// `hooke train`: the method that is advised, or the one that is named, fitted on all rows and kept with its domain.
import { type Method, samplesOf } from "@hooke/baselines";
import type { Dataset, Table } from "@hooke/data";
import { displayPath, writeFileAtomic } from "@hooke/data/node";
import { candidatesIn, domainOf, encodeModelFile, fitWithBounds, type ModelFile } from "@hooke/model-advisor";
import type { Uncertainty } from "@hooke/model-advisor/network";
import type { Command, Given, Streams } from "../command.ts";
import { backend, checkWritable, columnsIn } from "../data.ts";
import { candidateNamed, isNetwork, methodFor, methodNames } from "../methods.ts";
import { statusLine, wrapped } from "../terminal.ts";
import { asTyped } from "../typed.ts";
import { askedIn, dataIn, measured, measuring } from "./advise.ts";

export const train: Command = {
  does: "fits the method that is advised, or the one that you name, on all rows, with bounds of what it predicts",
  positionals: ["DATA.csv"],
  options: {
    ...measuring,
    method: { value: "NAME", does: `measures nothing and fits this: ${methodNames}` },
    out: { value: "MODEL.safetensors", required: true, does: "the model, with the domain that it learned in" },
    json: { does: "prints what was fitted as JSON" },
  },
  async run(given, streams) {
    const { options } = given;
    const { output } = streams;
    await checkWritable(options.out);
    const named = options.method as string | undefined;
    const { data, options: left } = await dataIn(given, streams);
    const model = named === undefined ? await advised(data, left, streams) : await fitted(data, named, left, streams);
    const path = options.out as string;
    await writeFileAtomic(path, encodeModelFile(model));
    const { method, target, inputs, rowCount, warnings } = model.fitted;
    if (options.json === true) {
      output.write(`${JSON.stringify({ model: path, method, target, inputs, rows: rowCount, warnings })}\n`);
      return;
    }
    for (const warning of warnings) output.write(`${wrapped(`Warning: ${warning}`, output.columns)}\n`);
    output.write(`${describe(method)}, fitted on ${rowCount} rows to predict ${target.name}: ${displayPath(path)}\n`);
  },
};

/** The method's name, or that of the method in it, and how it says how sure it is. */
export function describe(method: Method): string {
  const { method: inner = method } = method.options as { readonly method?: Method };
  const { uncertainty } = inner.options as { readonly uncertainty?: Uncertainty };
  const own = uncertainty === undefined ? inner.method : `${inner.method} (${uncertainty})`;
  return inner === method ? own : `${own} with bounds`;
}

async function advised(data: Table | Dataset, options: Given["options"], streams: Streams): Promise<ModelFile> {
  // Of --json the model's line alone is printed.
  const advice = await measured(data, options, streams);
  if (options.json !== true) {
    for (const sentence of advice.sentences().slice(0, 2)) {
      streams.output.write(`${wrapped(sentence, streams.output.columns)}\n`);
    }
    for (const { text } of advice.warnings) {
      streams.output.write(`${wrapped(`Warning: ${asTyped(text)}`, streams.output.columns)}\n`);
    }
  }
  const { uncertainty } = options;
  const chosen = advice.recommended && advice.candidates[advice.recommended.method];
  if (uncertainty !== undefined && chosen !== undefined && !isNetwork(chosen)) {
    streams.messages.write(
      `Note: --uncertainty ${uncertainty} is of networks, and what is advised is none; --method network fits one.\n`,
    );
  }
  return followed(streams, (onProgress) => advice.fit({ signal: streams.signal, backend: backend(), onProgress }));
}

/** What is named; of images and graphs a candidate for these. */
async function fitted(
  data: Table | Dataset,
  name: string,
  options: Given["options"],
  streams: Streams,
): Promise<ModelFile> {
  const found = await candidatesIn(data, askedIn(options));
  if (found.structure === "images" || found.structure === "graphs") {
    const method = candidateNamed(found.methods, name, options.uncertainty as Uncertainty | undefined);
    return followed(streams, (onProgress) => found.fit({ method, signal: streams.signal, onProgress }));
  }
  return fittedToTable(data as Table, name, options, streams);
}

async function fittedToTable(
  table: Table,
  name: string,
  options: Given["options"],
  streams: Streams,
): Promise<ModelFile> {
  const target = options.target as string;
  const columns = {
    ...columnsIn(options),
    ...(options.groups !== undefined && options.groups !== "none" && { groups: options.groups as string }),
  };
  const samples = samplesOf(table, target, columns);
  const method = methodFor(samples, name, options.uncertainty as Uncertainty | undefined);
  return followed(streams, async (onProgress) => ({
    fitted: await fitWithBounds(method, samples, {
      ...(options.seed !== undefined && { seed: options.seed as number }),
      backend: backend(),
      signal: streams.signal,
      onProgress,
    }),
    domain: domainOf(samples),
  }));
}

async function followed<R>(
  streams: Streams,
  work: (onProgress: (at: { fraction: number; text: string }) => void) => Promise<R>,
): Promise<R> {
  const line = statusLine(streams);
  try {
    return await work(({ fraction, text }) => line.show(`fitting: ${Math.floor(100 * fraction)} % · ${text}`));
  } finally {
    line.clear();
  }
}
