// Formulae by hand, the table of elements against another one, descriptors by their definition.
import { existsSync, readFileSync } from "node:fs";
import { columnNames, numbersOf, parseCsv, tableOf } from "@hooke/data";
import { describe, expect, it } from "vitest";
import { type Element, elements } from "./elements.ts";
import { parseFormula } from "./formula.ts";
import { formulaDescriptors } from "./formula-descriptors.ts";

it.each([
  ["NaCl", { Na: 1, Cl: 1 }],
  ["La0.8Sr0.2MnO3", { La: 0.8, Sr: 0.2, Mn: 1, O: 3 }],
  ["Ca3(PO4)2", { Ca: 3, P: 2, O: 8 }],
  ["K4[Fe(CN)6]", { K: 4, Fe: 1, C: 6, N: 6 }],
  ["Ca10(PO4)6(OH)2", { Ca: 10, P: 6, O: 26, H: 2 }],
  ["CuSO4·5H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
  ["CuSO4 · 5 H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
  ["CaSO4.H2O", { Ca: 1, S: 1, O: 5, H: 2 }],
  ["2H2O", { H: 4, O: 2 }],
  ["Fe₂O₃", { Fe: 2, O: 3 }],
  ["Fe.95Ni.05", { Fe: 0.95, Ni: 0.05 }],
  ["Fe0.62N5e-2C0", { Fe: 0.62, N: 0.05 }],
  ["CoCO3", { Co: 1, C: 1, O: 3 }],
])("reads %s", (formula, expected) => {
  expect(parseFormula(formula)).toEqual(expected);
});

it.each([
  ["Fe2Xy", 'position 4: "Xy" is no element'],
  ["fe2O3", 'position 1: received "f"'],
  ["Ca(OH2", 'position 3: "(" is not closed'],
  ["CaOH)2", 'position 5: received ")"'],
  ["Ca(OH]2", 'position 6: received "]"'],
  ["Fe3+", 'position 4: received "+"'],
  ["CuSO4.5H2O", "position 5: 4.5 may be an amount or a dot and water"],
  ["Ca(SO4).5H2O", "position 8: .5 may be an amount or a dot and water"],
  ["", "holds no element"],
  ["Fe0", "holds no element"],
])("refuses %s", (formula, message) => {
  expect(() => parseFormula(formula)).toThrow(message);
});

describe("elements", () => {
  it("have the groups and periods of the table", () => {
    const places = ["H", "He", "Al", "Ca", "Sc", "Fe", "Ga", "Kr", "La", "Lu", "Hf", "Rn", "U"].map((symbol) => {
      const { group, period } = elements().get(symbol)!;
      return [symbol, group, period].join(" ");
    });
    expect(places).toEqual(
      "H 1 1,He 18 1,Al 13 3,Ca 2 4,Sc 3 4,Fe 8 4,Ga 13 4,Kr 18 4,La 3 6,Lu 3 6,Hf 4 6,Rn 18 6,U 3 7".split(","),
    );
    expect([elements().size, elements().get("Lr")!.number]).toEqual([103, 103]);
  });

  const path = new URL("../../../../../shared/data/element_properties_magpie.csv", import.meta.url);
  it.skipIf(!existsSync(path))(
    `agree with Magpie's${existsSync(path) ? "" : " (its table is not beside the project)"}`,
    () => {
      const magpie = parseCsv(readFileSync(path, "utf8"));
      const symbols = magpie.columns.find(({ name }) => name === "element")!.values as readonly string[];
      const differing = (column: string, property: keyof Element, tolerance: number): string[] => {
        const values = numbersOf(magpie, column);
        return symbols.filter((symbol, i) => {
          const own = elements().get(symbol)![property] as number;
          return !Number.isNaN(own) && !(Math.abs(own - values[i]!) <= tolerance * values[i]!);
        });
      };
      expect(differing("Number", "number", 0)).toEqual([]);
      expect(differing("AtomicWeight", "mass", 2e-3)).toEqual(["Tc"]); // 97 or 98: it has no usual weight
      expect(differing("Column", "group", 0)).toEqual([]);
      expect(differing("Row", "period", 0)).toEqual([]);
      expect(differing("Electronegativity", "electronegativity", 0.005)).toEqual([]);
      expect(differing("CovalentRadius", "covalentRadius", 0)).toEqual([]);
      expect(differing("NsValence", "sElectrons", 0)).toEqual([]);
      expect(differing("NdValence", "dElectrons", 0)).toEqual([]);
      expect(differing("NValence", "valenceElectrons", 0)).toEqual([]);
      // Magpie's of helium and francium are no measurements; the others are older ones.
      expect(differing("MeltingT", "meltingPoint", 0.01)).toEqual(["He", "Pm", "Er", "Fr", "Bk"]);
    },
  );
});

describe("descriptors", () => {
  const table = tableOf({ name: ["a", "b", ""], formula: ["Al2O3", "HeO", ""], gap: [8.8, 1, 2] });

  it("are statistics weighted by amounts, in place of the formula", () => {
    const described = formulaDescriptors(table, { formula: "formula", properties: ["mass", "electronegativity"] });
    expect(columnNames(described).slice(0, 6)).toEqual([
      "name",
      "elements",
      "atoms",
      "mean mass",
      "deviation mass",
      "minimum mass",
    ]);
    expect([columnNames(described).length, columnNames(described).at(-1)]).toEqual([14, "gap"]);
    const mean = (2 * 26.9815386 + 3 * 15.999) / 5;
    expect(numbersOf(described, "mean mass")[0]).toBeCloseTo(mean, 3);
    const deviation = Math.sqrt((2 * (26.9815 - mean) ** 2 + 3 * (15.999 - mean) ** 2) / 5);
    expect(numbersOf(described, "deviation mass")[0]).toBeCloseTo(deviation, 3);
    expect(numbersOf(described, "range electronegativity")[0]).toBeCloseTo(3.44 - 1.61, 12);
    // Helium has no electronegativity, and the last row no formula.
    expect(Array.from(numbersOf(described, "mean electronegativity").slice(1))).toEqual([Number.NaN, Number.NaN]);
    expect(Array.from(numbersOf(described, "elements"))).toEqual([2, 2, Number.NaN]);
    expect(Array.from(numbersOf(described, "atoms"))).toEqual([5, 2, Number.NaN]);
    expect(described.columns[3]!.unit).toBe("u");
  });

  it("are refused with the line", () => {
    const wrong = parseCsv("formula,y\nAl2O3,1\nAl2Oz,2");
    expect(() => formulaDescriptors(wrong, { formula: "formula" })).toThrow(/line 3: .*"Oz" is no element/);
    expect(() => formulaDescriptors(table, { formula: "gap" })).toThrow("is of numbers");
    expect(() => formulaDescriptors(table, { formula: "formulas" })).toThrow('"formula"');
    expect(() => formulaDescriptors(table, { formula: "formula", properties: ["weight" as never] })).toThrow(
      "properties among",
    );
    const twice = tableOf({ formula: ["Fe"], elements: [3] });
    expect(() => formulaDescriptors(twice, { formula: "formula" })).toThrow('has a column "elements" already');
  });
});
