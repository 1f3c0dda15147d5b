// How files are written is guessed right where it is plain, and columns are summed up by hand.
import { expect, it } from "vitest";
import { withUnit } from "./fields.ts";
import { guessWriting, summaryOf, tableOfFile } from "./reading.ts";

it.each([
  ["a,b\n1.5,2\n", { delimiter: ",", decimal: ".", units: "values" }],
  ["a;b\n1,5;2\n", { delimiter: ";", decimal: ",", units: "values" }],
  ["a\tb\n1.5\t2\n", { delimiter: "tab", decimal: ".", units: "values" }],
  ["a b\n1.5 2\n", { delimiter: "blanks", decimal: ".", units: "values" }],
  ["a,b\nkg/m3,MPa\n1,2\n", { delimiter: ",", decimal: ".", units: "units" }],
  ['"a;b;c",d\n1,2\n', { delimiter: ",", decimal: ".", units: "values" }],
])("guesses %j", (text, expected) => expect(guessWriting(text)).toEqual({ ...expected, missing: "", typed: "" }));

it("sums columns up", () => {
  const text = "x;lab;y\nmm;;MPa\n1,5;A;10\n2,5;B;\n4;A;NA\n";
  const writing = { ...guessWriting(text), missing: "NA" };
  expect(summaryOf("some.csv", tableOfFile({ id: "", name: "some.csv", text }, writing))).toEqual({
    name: "some.csv",
    rows: 3,
    columns: [
      { name: "x", type: "number", unit: "mm", missing: 0, distinct: 3, range: [1.5, 2.5, 4], texts: [], hint: "" },
      { name: "lab", type: "text", unit: "", missing: 0, distinct: 2, range: undefined, texts: ["A", "B"], hint: "" },
      { name: "y", type: "number", unit: "MPa", missing: 2, distinct: 1, range: [10, 10, 10], texts: [], hint: "" },
    ],
  });
});

it("takes typed units for those of the file, and an empty one for none", () => {
  const text = "x,y\nmm,MPa\n1,2\n";
  const units = (typed: string) => {
    const { columns } = tableOfFile({ id: "", name: "some.csv", text }, { ...guessWriting(text), typed });
    return columns.map(({ unit }) => unit);
  };
  expect(units("")).toEqual(["mm", "MPa"]);
  expect(units(withUnit("", "y", " kN "))).toEqual(["mm", "kN"]);
  expect(units(withUnit(withUnit("", "y", "kN"), "x", ""))).toEqual([undefined, "kN"]);
  // An address can say anything.
  expect(units("{")).toEqual(["mm", "MPa"]);
  expect(units('{"x":1,"__proto__":"m"}')).toEqual(["mm", "MPa"]);
});

it("says which line cannot be read", () => {
  const writing = guessWriting("a,b\n1,2\n");
  expect(() => tableOfFile({ id: "", name: "odd.csv", text: "a,b\n1,2,3\n" }, writing)).toThrow(/^odd.csv: line 2/);
});
