// `hooke explain`: what a model learned, in words and numbers: what its method says of itself, what inputs are worth, how predictions follow them.
import type { Fitted } from "@hooke/baselines";
import type { Table } from "@hooke/data";
import { displayPath, writeFileAtomic } from "@hooke/data/node";
import { type Explanation, explain as explainOn } from "@hooke/model-advisor";
import { writeReport } from "@hooke/report/node";
import { fail } from "@hooke/runtime";
import { atomRecords, atomsText, readsGraphs, sharesOfAtoms } from "../atoms.ts";
import { type Command, type Given, type Streams, whole } from "../command.ts";
import { csvOf } from "../csv.ts";
import { backend, checkWritable, modelIn } from "../data.ts";
import { rowsToCompare } from "../folder-data.ts";
import { labelling } from "../folders.ts";
import { imaging } from "../images.ts";
import { reading } from "../reading.ts";
import { readsPixels, regionsOf, regionsText } from "../regions.ts";
import { sharesOf } from "../shares.ts";
import { statusLine, tableText, wrapped } from "../terminal.ts";

export const explain: Command = {
  does: "says what a model learned: coefficients in words, mean shares of inputs (TreeSHAP, Kernel SHAP) or length scales, and of any what inputs are worth and do; of graphs what atoms, of pixels what parts of images are worth",
  positionals: ["MODEL.safetensors", "DATA.csv"],
  options: {
    groups: { value: "COLUMN", does: "the column that names what rows belong to: such rows are held back together" },
    ...reading,
    ...labelling,
    ...imaging,
    seed: { value: "NUMBER", read: whole, does: "of the rows that are drawn; default 0" },
    shares: { value: "FILE.csv", does: "writes what each input adds to the prediction of each row (Shapley values)" },
    report: { value: "FILE.html", does: "writes a report with curves that opens in any browser" },
    json: { does: "prints the explanation as JSON" },
  },
  async run({ positionals, options }, streams) {
    const { output, messages, signal } = streams;
    const { json, report, groups, seed, shares } = options;
    await checkWritable(shares);
    const { fitted } = await modelIn(positionals[0]!);
    const table = await rowsToCompare(positionals[1]!, options, fitted, streams);
    if (readsGraphs(fitted) || readsPixels(fitted)) return explainRaw(fitted, table, options, streams);
    const line = statusLine(streams);
    const explanation = await explainOn(fitted, table, {
      ...(groups !== undefined && { groups: groups as string }),
      ...(seed !== undefined && { seed: seed as number }),
      backend: backend(),
      signal,
      onProgress: ({ fraction, text }) => line.show(`explaining: ${Math.floor(100 * fraction)} % · ${text}`),
    }).finally(() => line.clear());
    if (typeof shares === "string") {
      const records = await sharesOf(fitted, table, {
        seed: (seed as number | undefined) ?? 0,
        signal,
        onProgress: ({ fraction, text }) => line.show(`shares: ${Math.floor(100 * fraction)} % · ${text}`),
      }).finally(() => line.clear());
      await writeFileAtomic(shares, csvOf(records));
    }
    if (typeof report === "string") await writeReport(report, explanation.report());
    if (json === true) output.write(`${JSON.stringify(explanation)}\n`);
    else output.write(explanationText(explanation, output.columns));
    if (typeof shares === "string") messages.write(`Shares: ${displayPath(shares)}\n`);
    if (typeof report === "string") messages.write(`Report: ${displayPath(report)}\n`);
  },
};

/** What atoms and parts of images are worth to a model that saw them as they are. */
async function explainRaw(
  fitted: Fitted,
  table: Table,
  { json, report, shares }: Given["options"],
  streams: Streams,
): Promise<void> {
  const { output, messages } = streams;
  if (report !== undefined) {
    fail("explain", "draws what methods of columns say; of graphs and pixels leave --report out.", "unsupported");
  }
  const unit = fitted.target.type === "number" ? fitted.target.unit : undefined;
  if (readsPixels(fitted)) {
    if (shares !== undefined) fail("explain", "has no --shares of pixels; leave it out.", "unsupported");
    const regions = await regionsOf(fitted, table, streams);
    output.write(json === true ? `${JSON.stringify(regions)}\n` : regionsText(regions, unit, output.columns));
    return;
  }
  const molecules = await sharesOfAtoms(fitted, table, streams);
  if (typeof shares === "string") {
    await writeFileAtomic(shares, csvOf(atomRecords(molecules, table)));
    messages.write(`Shares: ${displayPath(shares)}\n`);
  }
  output.write(json === true ? `${JSON.stringify(molecules)}\n` : atomsText(molecules, unit, output.columns));
}

function explanationText(explanation: Explanation, columns: number | undefined): string {
  const words = explanation.sentences().map((sentence) => `${wrapped(sentence, columns)}\n`);
  const tables = [ownTable(explanation), importanceTable(explanation)].map(
    ([heads, rows]) => `${tableText(heads, rows, columns).join("\n")}\n`,
  );
  return [words.join(""), ...tables.filter((text) => text.includes("\n", text.indexOf("\n") + 1))].join("\n");
}

type Cells = readonly [heads: readonly string[], rows: readonly (readonly string[])[]];

function ownTable({ own, unit }: Explanation): Cells {
  const inUnit = unit === undefined ? "" : ` (${unit})`;
  switch (own?.kind) {
    case "coefficients":
      return [
        ["of", "term", "coefficient", "unit"],
        own.sums.flatMap(({ output, intercept, terms }) => [
          [output, "intercept", digits(intercept), unit ?? ""],
          ...terms.map((term) => [output, term.term, digits(term.value), term.unit ?? ""]),
        ]),
      ];
    case "shares":
      return [
        ["of", "input", `mean share${inUnit}`],
        own.shares.map(({ output, input, share }) => [output, input, digits(share)]),
      ];
    case "length scales":
      return [
        ["input", "length scale", "unit", "in deviations"],
        own.scales.map((scale) => [scale.input, digits(scale.lengthScale), scale.unit ?? "", digits(scale.deviations)]),
      ];
    default:
      return [[], []];
  }
}

function importanceTable({ importance, unit }: Explanation): Cells {
  const inUnit = unit === undefined ? "" : ` (${unit})`;
  return [
    ["shuffled", `rise of the error${inUnit}`, "from", "to"],
    (importance?.groups ?? []).map(({ inputs, value, lower, upper }) => [
      inputs.join(", "),
      digits(value),
      digits(lower),
      digits(upper),
    ]),
  ];
}

const digits = (value: number): string => value.toPrecision(4);
