// The molecules of a table: which column writes them, which rows are learned from, which calibrate bounds, and which judge them.

import { samplesOf } from "@hooke/baselines";
import { split, type Table, takeTableRows } from "@hooke/data";
import { type DomainCard, domainOf } from "@hooke/model-advisor";
import { moleculeTable } from "@hooke/model-advisor/graphs";
import { fail } from "@hooke/runtime";
import { loadFile } from "../../data/files.ts";
import { tableOfFile } from "../../data/reading.ts";
import { sampleTable, sampleTarget } from "./sample.ts";
import type { Settings } from "./settings.ts";

export interface Molecules {
  /** The column of SMILES. */
  readonly smiles: string;
  readonly target: string;
  readonly unit: string;
  /** With descriptors and the graph in place of the SMILES. */
  readonly parts: { readonly train: Table; readonly calibration: Table; readonly test: Table };
  /** Where the descriptors of the training rows lie. */
  readonly domain: DomainCard;
  /** SMILES of the training rows. */
  readonly known: readonly string[];
}

const fewest = 50;

const tableOf = async ({ data, ...writing }: Settings): Promise<Table> =>
  data === "" ? sampleTable() : tableOfFile(await loadFile(data), { ...writing });

/** The text column that is called so, or the first one. */
function smilesColumn({ columns, source }: Table): string {
  const texts = columns.filter(({ type }) => type === "text");
  const found = texts.find(({ name }) => /smiles/i.test(name)) ?? texts[0];
  return (
    found?.name ?? fail(source, "has no column of text; molecules are written as SMILES, such as CCO.", "mismatch")
  );
}

async function moleculesOf(settings: Settings): Promise<Molecules> {
  const whole = await tableOf(settings);
  const target = settings.data === "" ? sampleTarget : settings.target;
  const { source } = whole;
  const smiles = smilesColumn(whole);
  const [written, known] = [smiles, target].map((name) => whole.columns.find((column) => column.name === name)!);
  if (known?.type !== "number") {
    fail(source, `the target "${target}" is no column of numbers; choose one under Settings.`, "mismatch");
  }
  const rows = Array.from({ length: whole.rowCount }, (_, row) => row).filter(
    (row) => written!.values[row] !== "" && Number.isFinite(known!.values[row]),
  );
  if (rows.length < fewest) {
    fail(source, `has ${rows.length} molecules whose ${target} is known; networks take ${fewest}.`, "invalid-data");
  }
  const read = await moleculeTable(
    takeTableRows(
      { ...whole, columns: whole.columns.filter((column) => column === written || column === known) },
      rows,
    ),
    { smiles },
  );
  const { groups, seed } = settings;
  const belonging = whole.columns.find(({ name }) => name === groups) ?? written!;
  const names = rows.map((row) => String(belonging.values[row]).trim());
  const places = split(rows.length, { train: "rest", calibration: 0.2, test: 0.2 }, seed, names);
  const part = (of: Int32Array): Table => takeTableRows(read, [...of]);
  const train = part(places.train);
  const descriptors = train.columns.flatMap(({ name, type }) => (type === "number" && name !== target ? [name] : []));
  return {
    ...{ smiles, target, unit: known!.type === "number" ? (known!.unit ?? "") : "" },
    parts: { train, calibration: part(places.calibration), test: part(places.test) },
    domain: domainOf(samplesOf(train, target, { inputs: descriptors })),
    known: Array.from(places.train, (row) => String(written!.values[rows[row]!]).trim()),
  };
}

let opened: { readonly of: string; readonly molecules: Promise<Molecules> } | undefined;

/** Of the settings' file, read once. @throws on what is no molecule, with its line */
export function loadMolecules(settings: Settings): Promise<Molecules> {
  const { members: _, updates: __, backend: ___, ...rest } = settings;
  const of = JSON.stringify(rest);
  if (opened?.of !== of) {
    const molecules = moleculesOf(settings);
    molecules.catch(() => {
      opened = undefined;
    });
    opened = { of, molecules };
  }
  return opened.molecules;
}
