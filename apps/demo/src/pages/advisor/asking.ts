// Asking a model: what it predicts for one row, how sure that is, and whether it was taught on such.
import { checkDomain, decodeModelFile, type ModelFile } from "@hooke/model-advisor";
import { type Row, tableOfRows } from "../../data/asked.ts";
import { load } from "../../jobs/storage.ts";
import type { Advising } from "./advising.ts";

export interface Answer {
  /** A number; or of classes, the most probable one. */
  readonly value: number | string;
  /** 90 % of true values are expected between. */
  readonly bounds?: readonly [number, number];
  readonly probabilities?: readonly { readonly name: string; readonly value: number }[];
  /** Why the row is outside of what the model was taught on; empty where it is inside. */
  readonly outside: readonly string[];
}

let opened: { readonly digest: string; readonly model: ModelFile } | undefined;

/** The model that was kept last of a run. @throws where it is no longer kept */
async function modelOf(address: string, digest: string): Promise<ModelFile> {
  if (opened?.digest === digest) return opened.model;
  const model = ((await load(address))?.shown as Advising | undefined)?.verdict?.model;
  if (model?.digest !== digest) {
    throw new Error(
      "The model is no longer kept in this browser: another tab removed or replaced it. Reset, and start anew.",
    );
  }
  opened = { digest, model: decodeModelFile(model.file) };
  return opened.model;
}

export async function answerOf(address: string, digest: string, row: Row): Promise<Answer> {
  const { fitted, domain } = await modelOf(address, digest);
  const table = tableOfRows(fitted.inputs, [row]);
  const hasBounds = fitted.target.type === "number" && fitted.method.bounds !== undefined;
  const { values, bounds, classes, probabilities } = fitted.predict(table, hasBounds ? { level: 0.9 } : {});
  return {
    value: classes === undefined ? values[0]! : classes[values[0]!]!,
    ...(bounds && { bounds: [bounds.lower[0]!, bounds.upper[0]!] }),
    ...(classes && { probabilities: classes.map((name, i) => ({ name, value: probabilities![i]! })) }),
    outside: domain === undefined ? [] : checkDomain(domain, table)[0]!.because,
  };
}
