// `hooke explain`: what a model learned, as its method has it: coefficients in words, shares of inputs, length scales.
import {
  coefficients,
  type Fitted,
  lengthScales,
  type Method,
  type State,
  sentences,
  type TunedState,
  treeShap,
} from "@hooke/baselines";
import type { Table } from "@hooke/data";
import { fail } from "@hooke/runtime";
import type { Command, Streams } from "../command.ts";
import { modelIn } from "../data.ts";
import { reading, tableIn } from "../reading.ts";
import { statusLine, tableText, wrapped } from "../terminal.ts";

/** What is said of a model. */
interface Explanation {
  readonly method: string;
  readonly kind: "coefficients" | "shares" | "length scales";
  readonly sentences: readonly string[];
  readonly heads: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export const explain: Command = {
  does: "says what a model learned: coefficients in words, mean shares of inputs (TreeSHAP), or length scales",
  positionals: ["MODEL.safetensors", "DATA.csv"],
  options: {
    ...reading,
    json: { does: "prints the explanation as JSON" },
  },
  async run({ positionals, options }, streams) {
    const { fitted } = await modelIn(positionals[0]!);
    const table = await tableIn(positionals[1]!, options, streams);
    const explanation = await explanationOf(innermost(fitted), table, streams);
    const { output } = streams;
    if (options.json === true) {
      output.write(`${JSON.stringify(explanation)}\n`);
      return;
    }
    for (const sentence of explanation.sentences) output.write(`${wrapped(sentence, output.columns)}\n`);
    const { heads } = explanation;
    const rows = explanation.rows.map((row) =>
      row.map((cell) => (typeof cell === "number" ? cell.toPrecision(4) : cell)),
    );
    output.write(`\n${tableText(heads, rows, output.columns).join("\n")}\n`);
  },
};

/** The method that predicts, out of those that choose it and bound it: they predict what it predicts. */
export function innermost(fitted: Fitted): Fitted {
  const { method, state } = fitted;
  const inside = (within: Method, learned: State): Fitted => innermost({ ...fitted, method: within, state: learned });
  if (method.method === "conformal") return inside(method.options.method as Method, (state as { whole: State }).whole);
  if (method.method === "tuned") {
    const { chosen, state: learned } = state as unknown as TunedState;
    return inside((method.options.among as readonly Method[])[chosen]!, learned);
  }
  return fitted;
}

async function explanationOf(fitted: Fitted, table: Table, streams: Streams): Promise<Explanation> {
  const { method } = fitted.method;
  switch (method) {
    case "ridge":
    case "quadraticRidge":
    case "lasso":
    case "elasticNet":
    case "logistic":
      return linearExplanation(fitted);
    case "randomForest":
    case "gradientBoosting":
      return treeExplanation(fitted, table, streams);
    case "gaussianProcess":
      return {
        method,
        kind: "length scales",
        sentences: [
          "The function changes over these lengths; it hardly depends on inputs whose length is many standard deviations.",
        ],
        heads: ["input", "length scale", "unit", "in deviations"],
        rows: lengthScales(fitted).map(({ input, lengthScale, unit = "", deviations }) => [
          input,
          lengthScale,
          unit,
          deviations,
        ]),
      };
    default:
      return fail(
        "explain",
        `${method} learns nothing that can be read; a model of --method ridge, quadratic, forest, boosting or gaussian-process does.`,
        "unsupported",
      );
  }
}

function linearExplanation(fitted: Fitted): Explanation {
  const rows = coefficients(fitted).flatMap(({ output, intercept, terms }) => [
    [output, "intercept", intercept, ""],
    ...terms.map(({ term, value, unit = "" }) => [output, term, value, unit]),
  ]);
  return {
    method: fitted.method.method,
    kind: "coefficients",
    sentences: sentences(fitted),
    heads: ["of", "term", "coefficient", "unit"],
    rows,
  };
}

/** Mean magnitudes over the rows of the table, and of inputs, the largest first. */
async function treeExplanation(fitted: Fitted, table: Table, streams: Streams): Promise<Explanation> {
  const line = statusLine(streams);
  const onProgress = ({ text }: { readonly text: string }): void => line.show(`explaining: ${text}`);
  const shap = await treeShap(fitted, table, { signal: streams.signal, onProgress }).finally(() => line.clear());
  const { inputs, outputs, values } = shap;
  const rows = outputs.flatMap((output, o) =>
    inputs
      .map((input, i) => {
        let sum = 0;
        for (let row = 0; row < table.rowCount; row++)
          sum += Math.abs(values[(row * outputs.length + o) * inputs.length + i]!);
        return [output, input, sum / table.rowCount] as const;
      })
      .sort((a, b) => b[2] - a[2]),
  );
  const unit = fitted.target.type === "number" && fitted.target.unit !== undefined ? ` (${fitted.target.unit})` : "";
  return {
    method: fitted.method.method,
    kind: "shares",
    sentences: [`How much each input moves a prediction, on average over ${table.rowCount} rows (TreeSHAP).`],
    heads: ["of", "input", `mean share${unit}`],
    rows,
  };
}
