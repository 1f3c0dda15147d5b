// CSV to tables: what is accepted, and the message for everything that is not.
import { HookeError } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { splitCsv } from "./csv.ts";
import { columnNames, columnOf, numbersOf, parseCsv } from "./table.ts";

const cellsOf = (text: string) => splitCsv(text, ",", "x.csv").map(({ cells }) => cells);

describe("splitting", () => {
  test.each([
    [
      "plain",
      "a,b\n1,2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "final line break",
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "CRLF",
      "a,b\r\n1,2\r\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "CR",
      "a,b\r1,2\r",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ["byte order mark", "\ufeffa\n1", [["a"], ["1"]]],
    ["byte order mark before a quote", '\ufeff"a"\n1', [["a"], ["1"]]],
    ["quoted delimiter", '"a,b",c', [["a,b", "c"]]],
    ["quoted quote", '"say ""hi""",c', [['say "hi"', "c"]]],
    [
      "quoted line break",
      '"a\nb",c\n1,2',
      [
        ["a\nb", "c"],
        ["1", "2"],
      ],
    ],
    ["empty quoted cell at the end", 'a,""', [["a", ""]]],
    ["quote inside an unquoted cell", '5" bar,c', [['5" bar', "c"]]],
    [
      "empty last cell",
      "a,b\n1,\n",
      [
        ["a", "b"],
        ["1", ""],
      ],
    ],
    [
      "empty last cell without line break",
      "a,b\n1,",
      [
        ["a", "b"],
        ["1", ""],
      ],
    ],
    ["blank lines", "a\n\n1\n  \n\n2\n\n", [["a"], ["1"], ["2"]]],
    ["nothing", "", []],
    ["only blank lines", "\n\r\n  \n", []],
  ])("%s", (_, text, expected) => expect(cellsOf(text)).toEqual(expected));

  test("lines are those of the file, across blank lines and quoted line breaks", () => {
    expect(splitCsv('a\n\n"1\r\n2"\r\n3', ",", "x").map(({ line }) => line)).toEqual([1, 3, 5]);
  });
});

describe("typed columns", () => {
  test("a column is numeric where every cell that is not missing is a number", () => {
    const table = parseCsv("x,label,y\n1, a,-2.5e3\n.5,b,\n+3.,c, 7 \n");
    expect(columnNames(table)).toEqual(["x", "label", "y"]);
    expect([...numbersOf(table, "x")]).toEqual([1, 0.5, 3]);
    expect([...numbersOf(table, "y")]).toEqual([-2500, Number.NaN, 7]);
    expect(columnOf(table, "label")).toEqual({ name: "label", type: "text", values: [" a", "b", "c"] });
    expect([...table.lines]).toEqual([2, 3, 4]);
  });

  test.each(["0x10", "1,5", "1e", "12 MPa", "--1", "1_000", "true"])("%s is text", (cell) => {
    expect(columnOf(parseCsv(`x\n"${cell}"`), "x").type).toBe("text");
  });

  test.each([
    ["NaN", Number.NaN],
    ["-inf", -Infinity],
    ["Infinity", Infinity],
  ])("%s is a number", (cell, value) => {
    expect(numbersOf(parseCsv(`x\n${cell}`), "x")[0]).toBe(value);
  });

  test("texts that mean missing, and what becomes of the row", () => {
    const text = "x,y\n1,2\nNA,3\n4, - \n5,6\n";
    const missing = ["NA", "-"];
    expect([...numbersOf(parseCsv(text, { missing }), "x")]).toEqual([1, Number.NaN, 4, 5]);
    const dropped = parseCsv(text, { missing, onMissing: "dropRows" });
    expect([...numbersOf(dropped, "x")]).toEqual([1, 5]);
    expect([...dropped.lines]).toEqual([2, 5]);
    expect(dropped.rowCount).toBe(2);
  });

  test("other delimiters", () => {
    expect([...numbersOf(parseCsv("a;b\n1;2", { delimiter: ";" }), "b")]).toEqual([2]);
    expect([...numbersOf(parseCsv("a\tb\n1\t", { delimiter: "\t" }), "b")]).toEqual([Number.NaN]);
  });
});

describe("messages", () => {
  const source = "mix.csv";
  test.each([
    ["empty", "", {}, "mix.csv: the file is empty; it needs a header row with column names and rows of values."],
    ["header only", "a,b\n", {}, 'mix.csv: the file has a header ("a", "b") and no rows; add rows of values.'],
    ["short row", "a,b\n1,2\n3\n", {}, 'mix.csv: line 3 has 1 cells; the header has 2 ("a", "b").'],
    [
      "long row",
      "a,b\n\n1,2,3\n",
      {},
      'mix.csv: line 3 has 3 cells; the header has 2 ("a", "b"). Quote a cell that contains ",".',
    ],
    ["duplicate name", "a,b, a\n1,2,3", {}, 'mix.csv: columns 1 and 3 are both named "a" (line 1); rename one.'],
    ["no name", "a,,c\n1,2,3", {}, "mix.csv: column 2 has no name in the header (line 1); give it one."],
    [
      "open quote",
      'a,b\n1,"2\n3,4',
      {},
      'mix.csv: the quote opened on line 2 is never closed; close it, or write a literal quote as "".',
    ],
    [
      "text after quote",
      'a,b\n"1"x,2',
      {},
      'mix.csv: line 2 has text after a closing quote; write "," there, or a literal quote inside the cell as "".',
    ],
    [
      "missing",
      "a,b\n1,\n",
      { onMissing: "error" },
      'mix.csv: line 2 has no value in column "b"; fill it in or pass onMissing: "dropRows".',
    ],
    [
      "all rows dropped",
      "a,b\n1,\n",
      { onMissing: "dropRows" },
      'mix.csv: every one of the 1 rows lacks a number, so onMissing: "dropRows" leaves none.',
    ],
    [
      "unknown column in types",
      "age,b\n1,2",
      { types: { agee: "number" } },
      'mix.csv: there is no column "agee". Did you mean "age"? The columns are "age", "b".',
    ],
    [
      "text in a column declared numeric",
      "age,b\n1,2\nold,3",
      { types: { age: "number" } },
      'mix.csv: column "age" is used as numbers and holds the text "old" on line 3; correct the cell, list it as missing: ["old"], or one-hot encode the column with oneHot: ["age"].',
    ],
  ] as const)("%s", (_, text, options, message) => {
    expect(() => parseCsv(text, { source, ...options })).toThrow(new HookeError(message));
  });

  test("unknown column, near and far", () => {
    const table = parseCsv("age_days,strength_MPa\n1,2", { source });
    expect(() => columnOf(table, "strength")).toThrow(
      new HookeError(
        'mix.csv: there is no column "strength". Did you mean "strength_MPa"? The columns are "age_days", "strength_MPa".',
      ),
    );
    expect(() => columnOf(table, "zzz")).toThrow(
      new HookeError('mix.csv: there is no column "zzz". The columns are "age_days", "strength_MPa".'),
    );
  });

  test("text used as numbers", () => {
    const table = parseCsv("age\n1\nn/a", { source });
    expect(() => numbersOf(table, "age")).toThrow(
      'column "age" is used as numbers and holds the text "n/a" on line 3;',
    );
    const declared = parseCsv("age\n1", { source, types: { age: "text" } });
    expect(() => numbersOf(declared, "age")).toThrow(
      new HookeError(
        'mix.csv: column "age" was read as text and is used as numbers; read it with types: { "age": "number" }.',
      ),
    );
  });
});
