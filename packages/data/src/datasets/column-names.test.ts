// Columns and categories may be named as anything, also as something that every object inherits.
import { describe, expect, test } from "vitest";
import { fitPreprocessing } from "../preprocessing/preprocessing.ts";
import { parseCsv } from "../tables/csv/index.ts";
import { tableDataset } from "./table-dataset.ts";

describe.each(["constructor", "__proto__", "prototype", "toString", "hasOwnProperty"])("a column named %s", (name) => {
  const table = parseCsv(`${name},y\n${name},1\nb,2\n`);
  const data = tableDataset(table, { target: "y", oneHot: [name] });

  test("is read, with its categories", () => {
    expect(table.columns[0]).toEqual({ name, type: "text", values: [name, "b"] });
    expect(data.inputNames).toEqual([`${name}=${[name, "b"].sort()[0]}`, `${name}=${[name, "b"].sort()[1]}`]);
    expect(Object.keys(data.categories)).toEqual([name]);
    expect(Object.getPrototypeOf(data.categories)).toBe(Object.prototype);
  });

  test("keeps the categories of the training part", () => {
    const { categories } = fitPreprocessing(data, {});
    const other = tableDataset(parseCsv(`${name},y\nb,1\n`), { target: "y", oneHot: [name], categories });
    expect(other.inputNames).toEqual(data.inputNames);
    expect([...other.inputs.data].sort()).toEqual([0, 1]);
  });

  test("has the type it is given", () => {
    const types = Object.fromEntries([[name, "text" as const]]);
    expect(parseCsv(`${name},y\n1,1\n`, { types }).columns[0]!.type).toBe("text");
    expect(parseCsv(`${name},y\n1,1\n`).columns[0]!.type).toBe("number");
  });
});
