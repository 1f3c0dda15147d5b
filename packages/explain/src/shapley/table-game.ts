// Games of fitted methods, whose rows are those of tables.
import { type Fitted, type Inputs, inputsOf, takeSamples } from "@hooke/baselines";
import { type Table, tableCheck } from "@hooke/data";
import { checkArgument, createPauses, fail, quoted } from "@hooke/runtime";
import { type Coalitions, checkBackground, type Game, meansOf, partsOf } from "./game.ts";

/** What Shapley values of fitted methods are compared with, and between what they are shared. */
export interface TableGameOptions {
  /** Rows that stand for inputs that are not known: some 100 of training. The work grows with their number. */
  readonly background: Table;
  /** Inputs that share as one, by name; the others each by itself. Default: each by itself. */
  readonly together?: readonly (readonly string[])[];
  /** The class whose probability is explained. Default: of two classes the second. */
  readonly output?: string;
  /** Ends it. Default: it runs to the end. */
  readonly signal?: AbortSignal;
}

/** @throws on an empty background, on columns that are missing, on inputs and classes that the method does not have */
export function tableGame(who: string, fitted: Fitted, table: Table, options: TableGameOptions): Game {
  checkArgument(who, "the table", table, tableCheck);
  checkArgument(who, "the background", options.background, tableCheck);
  const text = fitted.inputs.find(({ type }) => type === "text");
  if (text !== undefined) {
    const cure = "explain the network itself, such as by integratedGradients";
    fail(
      who,
      `shares out numbers and categories; ${fitted.method.method} reads "${text.name}": ${cure}.`,
      "unsupported",
    );
  }
  checkBackground(who, options.background.rowCount);
  if (table.rowCount === 0) fail(table.source, "has no rows; give some to explain.", "invalid-data");
  const rows = inputsOf(table, fitted.inputs);
  const background = inputsOf(options.background, fitted.inputs);
  const { rowCount: copies } = background;
  const groups = groupsFor(who, fitted, options.together ?? []);
  const { place, width } = outputFor(who, fitted, options.output);
  const pause = createPauses();
  const mixed = (row: number, { count, members }: Coalitions): Inputs => {
    const repeated = Int32Array.from({ length: count * copies }, (_, i) => i % copies);
    const { columns, rowCount } = takeSamples({ columns: background.columns, rowCount: copies }, repeated);
    for (const [player, places] of groups.entries()) {
      for (let set = 0; set < count; set++) {
        if (members[set * groups.length + player] === 0) continue;
        for (const column of places)
          columns[column]!.values.fill(rows.columns[column]!.values[row]!, set * copies, (set + 1) * copies);
      }
    }
    return { columns, rowCount };
  };
  return {
    players: groups.map((places) => places.map((column) => fitted.inputs[column]!.name).join(" and ")),
    rows: rows.rowCount,
    async worth(row, coalitions) {
      const found = new Float64Array(coalitions.count);
      for (const { from, part } of partsOf(coalitions, copies)) {
        await pause();
        options.signal?.throwIfAborted();
        const predicted = fitted.method.predict(fitted.state, mixed(row, part));
        const own = Float64Array.from({ length: part.count * copies }, (_, i) => predicted[i * width + place]!);
        if (own.some((value) => !Number.isFinite(value))) {
          fail(
            who,
            `${fitted.method.method} predicts what is not finite for row ${row} with inputs of the background.`,
            "non-finite",
          );
        }
        meansOf(own, copies, found.subarray(from));
      }
      return found;
    },
    free: () => undefined,
  };
}

/** Places of columns by player: groups where their first input stands. */
function groupsFor(who: string, { inputs }: Fitted, together: readonly (readonly string[])[]): number[][] {
  const names = inputs.map(({ name }) => name);
  const taken = new Set<string>();
  for (const name of together.flat()) {
    if (!names.includes(name)) fail(who, `has no input "${name}"; the inputs are ${quoted(names)}.`, "mismatch");
    if (taken.has(name)) fail(who, `the input "${name}" stands in together twice; name it once.`);
    taken.add(name);
  }
  return names.flatMap((name, place) => {
    const group = together.find((members) => members.includes(name));
    if (group === undefined) return [[place]];
    const places = group.map((member) => names.indexOf(member)).sort((a, b) => a - b);
    return places[0] === place ? [places] : [];
  });
}

/** Which of the numbers of a prediction is explained. */
function outputFor(
  who: string,
  { target }: Fitted,
  output: string | undefined,
): { readonly place: number; readonly width: number } {
  if (target.type === "number") {
    if (output === undefined || output === target.name) return { place: 0, width: 1 };
    return fail(who, `has no output "${output}"; it predicts "${target.name}".`, "mismatch");
  }
  const { classes } = target;
  const place = output === undefined && classes.length === 2 ? 1 : classes.indexOf(output ?? "");
  if (place >= 0) return { place, width: classes.length };
  return fail(
    who,
    `received ${output === undefined ? "no output" : `the output "${output}"`}; give a class: ${quoted(classes)}.`,
    "mismatch",
  );
}
