// Games of models of arrays: networks, and functions.
import type { Dataset } from "@hooke/data";
import { describe, fail, type HostArray, sameShape, zeros } from "@hooke/runtime";
import { type AnyModel, type AskOptions, createPredictor } from "../model/predictor.ts";
import { rowsOf, takeOf } from "../model/rows.ts";
import { type Coalitions, checkBackground, type Game, meansOf, partsOf } from "./game.ts";

/** What Shapley values of arrays are compared with, and between what they are shared. */
export interface ArrayGameOptions extends AskOptions {
  /**
   * Rows that stand for inputs that are not known: some 100 of training, `[rows, ...]` in the units of the data. The work grows with their number. Extras, such as `lengths`
   * or the edges of a graph, are those of the row that is explained.
   */
  readonly background: HostArray | Dataset;
  /**
   * Which inputs belong together: numbers from 0, of the shape of one row, or without its channels; see `gridParts`. Default: each input of
   * `[rows, inputs]` by itself; images, volumes and sequences need it.
   */
  readonly parts?: HostArray;
}

/** @throws on an empty background, on rows of another shape, on parts that do not fit */
export function arrayGame(who: string, model: AnyModel, data: HostArray | Dataset, options: ArrayGameOptions): Game {
  const known = typeof model === "function" ? {} : model;
  const rows = rowsOf(who, known, data, options.extras);
  const { inputs } = rows;
  const besides = Object.keys(rows.extras);
  if (typeof model === "function" && besides.length > 0) {
    fail(who, `received the extras ${besides.join(", ")}, which a function of arrays is not given.`, "unsupported");
  }
  if (besides.length > 0 && inputs.shape[0] !== 1) {
    const why = `received ${inputs.shape[0]} rows with ${besides.join(", ")}, on which the base depends`;
    fail(who, `${why}; give one row at a time.`, "unsupported");
  }
  const given = "inputs" in options.background ? options.background.inputs : options.background;
  checkBackground(who, given.shape[0] ?? 0);
  const { inputs: background } = rowsOf(who, known, options.background);
  const row = inputs.shape.slice(1);
  if (!sameShape(background.shape.slice(1), row)) {
    fail(who, `the background ${describe(background)} has rows of another shape than ${describe(inputs)}.`, "mismatch");
  }
  const parts = partsFor(who, row, options.parts);
  const count = Math.max(...parts) + 1;
  const { preprocessing } = known as { readonly preprocessing?: { readonly inputNames: readonly string[] } };
  const own = "inputs" in data ? data.inputNames : (preprocessing?.inputNames ?? []);
  const isSingle = options.parts === undefined && own.length === count;
  const predictor = createPredictor(who, model, options);
  const copies = background.shape[0]!;
  const width = parts.length;
  const mixed = (at: number, { count: sets, members }: Coalitions): HostArray => {
    const all = zeros([sets * copies, ...row], "f64");
    for (let set = 0; set < sets; set++) {
      const base = set * copies * width;
      all.data.set(background.data as Float64Array, base);
      for (let i = 0; i < width; i++) {
        if (members[set * count + parts[i]!] === 0) continue;
        for (let copy = 0; copy < copies; copy++) all.data[base + copy * width + i] = inputs.data[at * width + i]!;
      }
    }
    return all;
  };
  return {
    players: Array.from({ length: count }, (_, i) =>
      isSingle ? own[i]! : `${options.parts === undefined ? "input" : "part"} ${i}`,
    ),
    rows: inputs.shape[0]!,
    async worth(at, coalitions) {
      const found = new Float64Array(coalitions.count);
      for (const { from, part } of partsOf(coalitions, copies)) {
        const all = mixed(at, part);
        // Steps and edges are the row's own, whatever stands in its inputs.
        const { extras } = takeOf(rows, new Int32Array(all.shape[0]!).fill(at));
        meansOf(await predictor.ask({ inputs: all, extras }), copies, found.subarray(from));
      }
      return found;
    },
    free: () => predictor.free(),
  };
}

/** The part of each number of a row. */
function partsFor(who: string, row: readonly number[], parts: HostArray | undefined): Int32Array {
  if (parts === undefined) {
    if (row.length === 1) return Int32Array.from({ length: row[0]! }, (_, i) => i);
    return fail(
      who,
      `a row of inputs is [${row.join(", ")}]; give parts, such as gridParts([${row.slice(0, -1).join(", ")}], 8).`,
    );
  }
  const isWhole = sameShape(parts.shape, row);
  if (!isWhole && !sameShape(parts.shape, row.slice(0, -1))) {
    fail(
      who,
      `received the parts ${describe(parts)} for rows [${row.join(", ")}]; give them that shape, or that without channels.`,
      "mismatch",
    );
  }
  const channels = isWhole ? 1 : row.at(-1)!;
  const all = Int32Array.from({ length: parts.data.length * channels }, (_, i) =>
    Number(parts.data[Math.floor(i / channels)]!),
  );
  const known = new Set(all);
  if (!Array.from({ length: known.size }, (_, i) => i).every((part) => known.has(part))) {
    fail(who, "the parts are not numbered from 0 without gaps; number them so.", "invalid-data");
  }
  return all;
}
