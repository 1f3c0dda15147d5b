// The sets of data that advice is judged on: public ones of materials, mechanics and biomechanics, from a folder that is not part of the project.
import { existsSync, readFileSync } from "node:fs";
import { formulaDescriptors, type Random, randomFrom } from "@hooke/baselines";
import { cellsOf, columnOf, parseCsv, type Table, takeTableRows } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { lawNames, tableOfLaw } from "./laws.ts";
import type { AdvisorSet } from "./set.ts";

/** Where a set is and how it is read. */
interface Source {
  readonly file: string;
  readonly target: string;
  readonly classes?: boolean;
  readonly groups?: string;
  /** A column of formulae, which becomes descriptors. */
  readonly formula?: string;
  /** Rows kept of each group: of many temperatures of one formula a few say as much. */
  readonly rowsPerGroup?: number;
}

const sources: Readonly<Record<string, Source>> = {
  concrete: { file: "concrete.csv", target: "compressive_strength_MPa" },
  energy: { file: "energy.csv", target: "heating_load_kWh_m2" },
  yacht: { file: "yacht.csv", target: "residuary_resistance" },
  airfoil: { file: "airfoil.csv", target: "sound_pressure_dB" },
  concrete_slump: { file: "concrete_slump.csv", target: "strength_28d_MPa" },
  diffusion: { file: "diffusion.csv", target: "", groups: "group" },
  steels_yield: { file: "steels_yield.csv", target: "yield_strength_MPa" },
  vertebral: { file: "vertebral.csv", target: "abnormal", classes: true },
  heat_capacity: {
    file: "heat_capacity.formula.csv",
    target: "Cp_J_molK",
    groups: "formula",
    formula: "formula",
    rowsPerGroup: 6,
  },
  expt_gap: { file: "expt_gap.formula.csv", target: "band_gap_eV", formula: "formula" },
};

export const setNames: readonly string[] = Object.keys(sources);

/** The folder of the files, beside the project. */
export const dataFolder = new URL("../../../shared/data/", import.meta.url);

/**
 * A set, at most `rows` rows of it, drawn at random and in the order of the file; undefined where its file is absent. Of a law as many as are asked for.
 *
 * @throws on a name that is no set
 */
export function readSet(name: string, rows: number): AdvisorSet | undefined {
  const law = tableOfLaw(name, rows);
  if (law !== undefined) return law;
  const source = sources[name];
  if (source === undefined)
    throw new Error(`bench: there is no set "${name}"; there are ${[...setNames, ...lawNames].join(", ")}.`);
  const file = new URL(source.file, dataFolder);
  if (!existsSync(file)) return undefined;
  const read = parseCsv(readFileSync(file, "utf8"), { source: source.file });
  const target = source.target === "" ? read.columns.at(-1)!.name : source.target;
  const random = randomFrom(randomKey(0), "set", name);
  const kept = takeTableRows(
    read,
    source.rowsPerGroup === undefined ? some(read, rows, random) : fewOfEach(read, source, rows, random),
  );
  return {
    name,
    target,
    table: source.formula === undefined ? kept : described(kept, source.formula, source.groups),
    ...(source.classes && { classes: true }),
    ...(source.groups !== undefined && { groups: source.groups }),
  };
}

const some = ({ rowCount }: Table, rows: number, random: Random): Int32Array =>
  random.choose(rowCount, Math.min(rows, rowCount)).sort();

/** Whole groups up to `rows`, a few rows of each. */
function fewOfEach(table: Table, { groups, rowsPerGroup }: Source, rows: number, random: Random): Int32Array {
  const members = Map.groupBy(table.lines.keys(), (row) => cellsOf(table, columnOf(table, groups!))[row]!);
  const names = [...members.keys()];
  const taken: number[] = [];
  for (const i of random.choose(names.length, names.length)) {
    const all = members.get(names[i]!)!;
    const few = random.choose(all.length, Math.min(all.length, rowsPerGroup!));
    if (taken.length + few.length > rows) break;
    taken.push(...Array.from(few, (place) => all[place]!));
  }
  return Int32Array.from(taken).sort();
}

/** Descriptors in place of formulae, which stay where they name groups. */
function described(table: Table, formula: string, groups: string | undefined): Table {
  const names = columnOf(table, formula);
  const numbers = formulaDescriptors(table, { formula });
  return groups === formula ? { ...numbers, columns: [...numbers.columns, names] } : numbers;
}
