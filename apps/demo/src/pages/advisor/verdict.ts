// The verdict as plain data: what the page says, draws, asks and hands out.
import type { Table } from "@hooke/data";
import { type Advice, type AdvisedModel, encodeModelFile } from "@hooke/model-advisor";
import { type Figure, renderReport } from "@hooke/report";
import script from "uplot/dist/uPlot.iife.min.js?raw";
import license from "uplot/LICENSE?raw";
import { type Askable, askablesOf } from "../../data/asked.ts";
import { digestOf } from "../../shell/digest.ts";

/** A model to be asked, and its file. */
export interface Model {
  readonly method: string;
  /** A safetensors file with its domain. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** First digits of its SHA-256. */
  readonly digest: string;
  readonly target: string;
  readonly unit: string;
  readonly inputs: readonly Askable[];
  readonly warnings: readonly string[];
}

export interface Verdict {
  readonly recommended?: string;
  readonly sentences: readonly string[];
  readonly warnings: readonly string[];
  readonly assumptions: Advice["assumptions"];
  readonly untried: Advice["untried"];
  readonly failed: readonly { readonly method: string; readonly error: string }[];
  /** In what the errors are. */
  readonly quantity: string;
  readonly methods: Advice["comparison"]["methods"];
  readonly tie: readonly string[];
  readonly equivalent: readonly string[];
  readonly figures: readonly Figure[];
  /** A whole page. */
  readonly report: string;
  readonly model?: Model;
}

export async function verdictOf(advice: Advice, model: AdvisedModel | undefined, table: Table): Promise<Verdict> {
  const { comparison, recommended, unit } = advice;
  const report = advice.report();
  const { parity, quantity = advice.target, figures = [] } = report;
  const errors = figures.find(({ kind }) => kind === "bars");
  return {
    ...(recommended && { recommended: recommended.method }),
    sentences: advice.sentences().map((sentence) => sentence.replace(" +- ", " ± ")),
    warnings: advice.warnings.map(({ text }) => text),
    assumptions: advice.assumptions,
    untried: advice.untried,
    failed: comparison.failed
      .map(({ method, error }) => ({ method, error }))
      .filter(({ method }, i, all) => all.findIndex((each) => each.method === method) === i),
    quantity: errors?.kind === "bars" ? (errors.quantity ?? comparison.error) : comparison.error,
    methods: comparison.methods,
    tie: advice.tie,
    equivalent: advice.equivalent,
    figures: [
      ...figures,
      ...(parity
        ? [
            {
              kind: "parity",
              title: "Predicted against actual",
              caption: "Rows held back; points on the diagonal are exact.",
              parts: parity,
              quantity,
            } as const,
          ]
        : []),
    ],
    report: await renderReport(report, { script, license }),
    ...(model && { model: await modelOf(recommended!.method, model, unit ?? "", table) }),
  };
}

async function modelOf(method: string, model: AdvisedModel, unit: string, table: Table): Promise<Model> {
  const { fitted } = model;
  const file = encodeModelFile(model);
  return {
    ...{ method, file, unit, target: fitted.target.name, warnings: fitted.warnings },
    digest: (await digestOf(file)).slice(0, 8),
    inputs: askablesOf(fitted.inputs, table),
  };
}
