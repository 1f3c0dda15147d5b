// `hooke predict`: values with bounds, and of each row whether the model was taught on such.
import type { Prediction, TargetSchema } from "@hooke/baselines";
import { displayPath, writeFileAtomic } from "@hooke/data/node";
import { checkDomain, type DomainCheck } from "@hooke/model-advisor";
import { type Command, share } from "../command.ts";
import { csvOf, type Row } from "../csv.ts";
import { checkWritable, modelIn } from "../data.ts";
import { folderToPredict } from "../folder-data.ts";
import { isFolder, labelling } from "../folders.ts";
import { imaging } from "../images.ts";
import { asTaught } from "../molecules.ts";
import { reading, tableIn } from "../reading.ts";

export const predict: Command = {
  does: "predicts for the rows of a table, or the files of a folder, with bounds and whether each is inside of what the model was taught on",
  positionals: ["MODEL.safetensors", "DATA.csv"],
  options: {
    level: { value: "SHARE", read: share, does: "how many of the true values lie within the bounds; default 0.9" },
    out: { value: "FILE.csv", does: "where the predictions go; default the standard output" },
    ...reading,
    ...labelling,
    ...imaging,
    json: { does: "prints a list of records as JSON" },
  },
  async run({ positionals, options }, streams) {
    const { output, messages } = streams;
    await checkWritable(options.out);
    const { fitted, domain } = await modelIn(positionals[0]!);
    const path = positionals[1]!;
    const { table, names = undefined } = (await isFolder(path))
      ? await folderToPredict(path, options, fitted, streams)
      : { table: await asTaught(await tableIn(path, options, streams), fitted) };
    const level = (options.level as number | undefined) ?? 0.9;
    const hasBounds = fitted.target.type === "number" && fitted.method.bounds !== undefined;
    const prediction = fitted.predict(table, hasBounds || options.level !== undefined ? { level } : {});
    const checked = domain && checkDomain(domain, table);
    for (const { column, category, rows } of prediction.unseen) {
      messages.write(
        `Warning: ${column} "${category}" (${rows === 1 ? "1 row" : `${rows} rows`}) was not in training; it counts as missing.\n`,
      );
    }
    if (!hasBounds && fitted.target.type === "number")
      messages.write(`Note: ${fitted.method.method} knows no bounds.\n`);
    if (checked === undefined)
      messages.write("Note: the model says nothing of its domain; hooke train writes models that do.\n");
    const outside = checked?.filter(({ inside }) => !inside).length ?? 0;
    if (outside > 0)
      messages.write(`Warning: ${outside} of ${table.rowCount} rows are outside of what the model was taught on.\n`);
    const records = recordsOf(fitted.target, prediction, checked, names ?? table.lines);
    const text = options.json === true ? `${JSON.stringify(records)}\n` : csvOf(records);
    const out = options.out as string | undefined;
    if (out === undefined) output.write(text);
    else {
      await writeFileAtomic(out, text);
      messages.write(`Predictions: ${displayPath(out)}\n`);
    }
  },
};

/** A record a row: its line in the file, or its file, what is predicted, and where it is outside, why. */
function recordsOf(
  target: TargetSchema,
  prediction: Prediction,
  checked: DomainCheck[] | undefined,
  rows: ArrayLike<number> | readonly string[],
): Row[] {
  const { values, bounds, deviation, probabilities, classes = [] } = prediction;
  return Array.from(values, (value, row): Row => {
    const said = target.type === "class" ? classes[value]! : value;
    return {
      [typeof rows[row] === "string" ? "file" : "line"]: rows[row]!,
      [target.name]: said,
      ...(bounds && { lower: bounds.lower[row]!, upper: bounds.upper[row]! }),
      ...(deviation && { deviation: deviation[row]! }),
      ...Object.fromEntries(
        classes.map((name, c) => [`probability of ${name}`, probabilities![row * classes.length + c]!]),
      ),
      ...(checked && { domain: checked[row]!.inside ? "inside" : `outside: ${checked[row]!.because.join("; ")}` }),
    };
  });
}
