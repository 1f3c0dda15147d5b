// Descriptors of formulae: properties of their elements as numbers that any method learns from (Ward et al., npj Comput. Mater. 2, 2016).
import { columnNames, columnOf, type NumberColumn, type Table } from "@hooke/data";
import { checkArgument, checkOptions, checks, fail, HookeError, quoted } from "@hooke/runtime";
import { columnName } from "../method/option-checks.ts";
import { type Element, elements } from "./elements.ts";
import { parseFormula } from "./formula.ts";

/** Properties of elements. */
export type ElementProperty = Exclude<keyof Element, "symbol">;

const properties: readonly ElementProperty[] = [
  "number",
  "mass",
  "group",
  "period",
  "electronegativity",
  "covalentRadius",
  "meltingPoint",
  "ionizationEnergy",
  "valenceElectrons",
  "sElectrons",
  "pElectrons",
  "dElectrons",
  "fElectrons",
];

const units: Partial<Record<ElementProperty, string>> = {
  mass: "u",
  covalentRadius: "pm",
  meltingPoint: "K",
  ionizationEnergy: "eV",
};

/** Options of {@link formulaDescriptors}. */
export interface FormulaOptions {
  /** The column of formulae. */
  readonly formula: string;
  /** Of the elements. Default: all of them. */
  readonly properties?: readonly ElementProperty[];
}

/**
 * The table with, in place of the column of formulae, how many `elements` there are, how many `atoms` the formula counts as it is written, which is
 * what heats and volumes of a mole of it go with, and, for each property of the elements, five numbers, weighted by their amounts: `mean`, (standard)
 * `deviation`, `minimum`, `maximum` and `range`. Where a property of an element is not known (Pauling's electronegativity of helium, say), and
 * where the formula is missing, so are the numbers.
 *
 * One formula at several temperatures stays several rows: such rows are alike, and belong to one part of a split.
 *
 * @throws on what is no formula, with its line
 * @example
 * ```ts
 * import { formulaDescriptors } from "@hooke/baselines";
 * import { columnNames, tableOf } from "@hooke/data";
 *
 * const oxides = tableOf({ formula: ["MgO", "Al2O3"], gap: [7.8, 8.8] });
 * const table = formulaDescriptors(oxides, { formula: "formula", properties: ["electronegativity"] });
 * console.log(columnNames(table).slice(0, 3), table.columns[2]!.values[0]); // [ 'elements', 'atoms', 'mean electronegativity' ] 2.375
 * ```
 */
export function formulaDescriptors(table: Table, options: FormulaOptions): Table {
  const who = "formulaDescriptors";
  checkArgument(who, "the table", table, (value) =>
    Array.isArray((value as Partial<Table> | null)?.columns)
      ? undefined
      : "a table: parseCsv(text), or tableOf({ ... })",
  );
  checkOptions<FormulaOptions>(who, options, {
    required: { formula: columnName },
    optional: {
      properties: (value) =>
        checks.list(value) ??
        ((value as unknown[]).every((name) => checks.oneOf(name, properties) === undefined)
          ? undefined
          : `properties among ${quoted(properties)}`),
    },
  });
  const chosen = options.properties ?? properties;
  const column = columnOf(table, options.formula);
  if (column.type === "number") {
    fail(table.source, `column "${column.name}" is of numbers; formulae are text.`, "mismatch");
  }
  const compositions = column.values.map((cell, row) => (cell === "" ? undefined : compositionOn(table, row, cell)));
  const name = (text: string): string => {
    const taken = columnNames(table).includes(text) && text !== column.name;
    return taken ? fail(table.source, `has a column "${text}" already; rename it.`, "mismatch") : text;
  };
  const counted = (count: (composition: Composition) => number): number[] =>
    compositions.map((composition) => (composition === undefined ? Number.NaN : count(composition)));
  const described = [
    numberColumn(
      name("elements"),
      counted(({ length }) => length),
    ),
    numberColumn(name("atoms"), counted(atomsIn)),
    ...chosen.flatMap((property) => {
      const rows = compositions.map((composition) => statisticsOf(composition, property));
      return statistics.map((statistic) =>
        numberColumn(
          name(`${statistic} ${property}`),
          rows.map((row) => row[statistic]),
          units[property],
        ),
      );
    }),
  ];
  return { ...table, columns: table.columns.flatMap((each) => (each === column ? described : [each])) };
}

const statistics = ["mean", "deviation", "minimum", "maximum", "range"] as const;

/** Elements, and how many atoms there are of each. */
type Composition = readonly { readonly element: Element; readonly amount: number }[];

const atomsIn = (composition: Composition): number => composition.reduce((sum, { amount }) => sum + amount, 0);

function compositionOn({ source, lines }: Table, row: number, cell: string): Composition {
  try {
    return Object.entries(parseFormula(cell)).map(([symbol, amount]) => ({ element: elements().get(symbol)!, amount }));
  } catch (error) {
    if (!(error instanceof HookeError)) throw error;
    return fail(source, `line ${lines[row]}: ${error.message}`, "invalid-data");
  }
}

function statisticsOf(
  composition: Composition | undefined,
  property: ElementProperty,
): Readonly<Record<(typeof statistics)[number], number>> {
  const none = Number.NaN;
  if (composition === undefined) return { mean: none, deviation: none, minimum: none, maximum: none, range: none };
  const values = composition.map(({ element }) => element[property]);
  const atoms = atomsIn(composition);
  const average = (numbers: readonly number[]): number =>
    numbers.reduce((sum, value, i) => sum + (composition[i]!.amount / atoms) * value, 0);
  const mean = average(values);
  const [minimum, maximum] = [Math.min(...values), Math.max(...values)];
  const deviation = Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
  return { mean, deviation, minimum, maximum, range: maximum - minimum };
}

const numberColumn = (name: string, values: readonly number[], unit?: string): NumberColumn => ({
  name,
  type: "number",
  values: Float64Array.from(values),
  ...(unit !== undefined && { unit }),
});
