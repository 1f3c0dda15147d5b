// `hooke report`: how a model does on rows whose target is known, as a page.
import { basename } from "node:path";
import { type Fitted, inputsOf, type Prediction } from "@hooke/baselines";
import { cellsOf, columnNames, columnOf, metrics, type Table } from "@hooke/data";
import { displayPath } from "@hooke/data/node";
import { checkDomain } from "@hooke/model-advisor";
import type { Report } from "@hooke/report";
import { writeReport } from "@hooke/report/node";
import { fail, type HostArray, quoted } from "@hooke/runtime";
import { calibrationCurve, mixtureOf, reliabilityFigure, scoreBounds, scoreMixture } from "@hooke/uncertainty";
import { type Command, share } from "../command.ts";
import { checkWritable, modelIn } from "../data.ts";
import { rowsToCompare } from "../folder-data.ts";
import { isFolder, labelling } from "../folders.ts";
import { imaging } from "../images.ts";
import { reading } from "../reading.ts";
import { tableText, wrapped } from "../terminal.ts";
import { describe } from "./train.ts";

/** What was measured, and how it is drawn. */
interface Judged {
  readonly measures: readonly (readonly [name: string, value: number])[];
  readonly drawn: Pick<Report, "parity" | "confusion" | "quantity" | "figures">;
  /** The share within the bounds of each group; none where no groups were asked for. */
  readonly byGroup?: readonly (readonly [group: string, share: number])[];
}

export const report: Command = {
  does: "measures a model on rows, or files of a folder, whose target is known, best such as it has not seen: errors, how many its bounds hold and how wide they are, predictions against truth, as a page",
  positionals: ["MODEL.safetensors", "DATA.csv"],
  options: {
    out: { value: "FILE.html", required: true, does: "where the report goes; it opens in any browser" },
    level: { value: "SHARE", read: share, does: "how many of the true values the bounds shall hold; default 0.9" },
    groups: { value: "COLUMN", does: "tells how many the bounds hold of each group, such as specimens or suppliers" },
    ...reading,
    ...labelling,
    ...imaging,
    json: { does: "prints what was measured as JSON" },
  },
  async run({ positionals, options }, streams) {
    const { output, messages } = streams;
    const {
      out,
      json,
      level = 0.9,
      groups,
    } = options as { readonly out: string; readonly json?: true; readonly level?: number; readonly groups?: string };
    await checkWritable(out);
    const { fitted, domain } = await modelIn(positionals[0]!);
    const path = positionals[1]!;
    const table = await rowsToCompare(path, options, fitted, streams);
    const { name: target } = fitted.target;
    // Of a table it is said what its columns are called.
    if (!columnNames(table).includes(target) && (await isFolder(path))) {
      const cure = "give the table that names its files and holds it: --labels FILE.csv";
      fail(displayPath(path), `says nothing of "${target}"; ${cure}.`, "mismatch");
    }
    const hasBounds = fitted.target.type === "number" && fitted.method.bounds !== undefined;
    const prediction = fitted.predict(table, hasBounds ? { level } : {});
    if (groups !== undefined && !hasBounds) {
      fail(
        "report",
        "tells of groups how many their bounds hold, and this model has none; leave --groups out.",
        "unsupported",
      );
    }
    const { measures, drawn, byGroup } = judged(fitted, table, prediction, { level, ...(groups && { groups }) });
    const outside =
      domain === undefined ? undefined : checkDomain(domain, table).filter(({ inside }) => !inside).length;
    const warnings = warningsOf(fitted, table, outside);
    const method = describe(fitted.method);
    await writeReport(out, {
      title: `How ${method} predicts ${fitted.target.name}`,
      summary: [
        { label: "Model", value: basename(positionals[0]!) },
        { label: "Rows", value: table.rowCount },
        ...(outside === undefined ? [] : [{ label: "Outside of what it was taught on", value: outside }]),
      ],
      warnings,
      metrics: measures.map(([name, value]) => ({ name, values: { [basename(path)]: value } })),
      ...drawn,
      details: [
        ...(byGroup === undefined
          ? []
          : [
              {
                title: `Share within the ${percent(level)} bounds, by ${groups}`,
                rows: byGroup.map(([label, value]) => ({ label, value: percent(value) })),
              },
            ]),
        {
          title: "Model",
          rows: [
            { label: "method", value: method },
            { label: "rows it learned from", value: fitted.rowCount },
            { label: "inputs", value: inputNames(fitted) },
            { label: "seed", value: fitted.seed },
          ],
        },
      ],
    });
    if (json) {
      const measured = Object.fromEntries(measures);
      const held = byGroup && { byGroup: Object.fromEntries(byGroup) };
      output.write(
        `${JSON.stringify({ report: out, method, rows: table.rowCount, outside, measured, ...held, warnings })}\n`,
      );
      return;
    }
    const rows = `${table.rowCount} ${table.rowCount === 1 ? "row" : "rows"}`;
    const cells = measures.map(([name, value]) => [name, Number(value.toPrecision(4)).toString()]);
    output.write(`${tableText([method, rows], cells, output.columns).join("\n")}\n`);
    if (byGroup !== undefined) {
      const shares = byGroup.map(([group, value]) => [group, percent(value)]);
      output.write(`\n${tableText([groups!, `within ${percent(level)}`], shares, output.columns).join("\n")}\n`);
    }
    for (const warning of warnings) output.write(`${wrapped(`Warning: ${warning}`, output.columns)}\n`);
    messages.write(`Report: ${displayPath(out)}\n`);
  },
};

/** Inputs that a page has room for: pixels and steps are thousands. */
const mostNames = 40;

function inputNames({ inputs }: Fitted): string {
  const shown = inputs.slice(0, mostNames).map(({ name }) => name);
  const left = inputs.length - shown.length;
  return `${shown.join(", ")}${left === 0 ? "" : ` and ${left} more`}`;
}

/** How bounds are judged. */
interface Asked {
  readonly level: number;
  readonly groups?: string;
}

function judged(fitted: Fitted, table: Table, prediction: Prediction, asked: Asked): Judged {
  const { target } = fitted;
  return target.type === "class"
    ? judgedClasses(target.classes, target.name, table, prediction)
    : judgedNumbers(target, table, prediction, asked);
}

const columnArray = (data: Float64Array): HostArray => ({ shape: [data.length], dtype: "f64", data });

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

function judgedNumbers(
  { name, unit }: { readonly name: string; readonly unit?: string },
  table: Table,
  prediction: Prediction,
  asked: Asked,
): Judged {
  const { values } = prediction;
  const actual = inputsOf(table, [{ name, type: "number" }]).columns[0]!.values as Float64Array;
  const [said, known] = [columnArray(values), columnArray(actual)];
  const inUnit = unit === undefined ? "" : ` (${unit})`;
  const bounded = judgedBounds(inUnit, table, prediction, known, asked);
  return {
    measures: [
      [`RMSE${inUnit}`, metrics.rmse.compute(said, known)],
      [`mean absolute error${inUnit}`, metrics.mae.compute(said, known)],
      // Of one row there is no spread to explain.
      ...(metrics.r2.whyUndefined?.(known) === undefined ? [["R2", metrics.r2.compute(said, known)] as const] : []),
      ...bounded.measures,
    ],
    drawn: {
      parity: [{ label: "rows", actual: [...actual], predicted: [...values] }],
      quantity: `${name}${inUnit}`,
      ...bounded.drawn,
    },
    ...(bounded.byGroup && { byGroup: bounded.byGroup }),
  };
}

/** How true bounds are, and the normal distributions that deviations make; nothing where there are none. */
function judgedBounds(
  inUnit: string,
  table: Table,
  { values, bounds, deviation }: Prediction,
  known: HostArray,
  { level, groups }: Asked,
): Judged {
  if (bounds === undefined) return { measures: [], drawn: {} };
  const [lower, upper] = [columnArray(bounds.lower), columnArray(bounds.upper)];
  const { coverage, width, intervalScore, byGroup } = scoreBounds({ lower, upper }, known, {
    level,
    ...(groups && { groups: cellsOf(table, columnOf(table, groups)) }),
  });
  const measures: Judged["measures"] = [
    [`share within the ${percent(level)} bounds`, coverage],
    [`mean width of these${inUnit}`, width],
    [`interval score${inUnit}`, intervalScore],
  ];
  const held = groups && { byGroup: Array.from(byGroup, ([group, share]) => [String(group), share] as const) };
  if (deviation === undefined) return { measures, drawn: {}, ...held };
  const means: HostArray = { shape: [1, values.length], dtype: "f64", data: values };
  const normal = mixtureOf(means, { noise: { ...means, data: deviation } });
  const { negativeLogLikelihood, crps, calibrationError } = scoreMixture(normal, known);
  const reliability = reliabilityFigure({
    title: "Reliability",
    caption: `Of normal distributions with the deviation of each prediction, on ${values.length} rows. Below the straight line the model is too sure.`,
    curves: { model: calibrationCurve(normal, known) },
  });
  return {
    measures: [
      ...measures,
      ["negative log-likelihood (nats)", negativeLogLikelihood],
      [`CRPS${inUnit}`, crps],
      ["calibration error", calibrationError],
    ],
    drawn: { figures: [reliability] },
    ...held,
  };
}

function judgedClasses(classes: readonly string[], name: string, table: Table, { values }: Prediction): Judged {
  const column = columnOf(table, name);
  const actual = cellsOf(table, column).map((cell, row) => {
    const label = classes.indexOf(cell);
    if (label >= 0) return label;
    const what = `"${name}" is "${cell}" on line ${table.lines[row]}; the model knows ${quoted(classes)}. Leave such rows out.`;
    return fail(table.source, what, "mismatch");
  });
  const [said, known] = [values, actual].map(
    (labels): HostArray => ({ shape: [labels.length], dtype: "i32", data: Int32Array.from(labels) }),
  );
  const counts = metrics.confusionMatrix(said!, known!, { classes: classes.length });
  return {
    measures: [["share of right classes", metrics.accuracy.compute(said!, known!)]],
    drawn: { confusion: [{ label: "rows", classes, counts }] },
  };
}

function warningsOf({ rowCount }: Fitted, table: Table, outside: number | undefined): string[] {
  return [
    ...(table.rowCount === rowCount
      ? ["These are as many rows as the model learned from; if they are the same ones, errors on new rows are larger."]
      : []),
    ...(outside === undefined || outside === 0
      ? []
      : [`${outside} of ${table.rowCount} rows are outside of what the model was taught on.`]),
  ];
}
