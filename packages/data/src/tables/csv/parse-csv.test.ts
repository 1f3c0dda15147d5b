// CSV to tables: what is accepted, and the message for everything that is not.
import { describe, expect, test } from "vitest";
import { tableDataset } from "../../datasets/table-dataset.ts";
import { columnNames, columnOf, numbersOf } from "../table.ts";
import type { CsvOptions } from "./options.ts";
import { parseCsv, parseCsvStream } from "./parse-csv.ts";

/** Names and cells of a table that is all text. */
function cellsOf(text: string): string[][] {
  const names = columnNames(parseCsv(text));
  const table = parseCsv(text, { types: Object.fromEntries(names.map((name) => [name, "text"])) });
  return [names, ...Array.from(table.lines, (_, row) => table.columns.map(({ values }) => values[row] as string))];
}

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
    [
      "quoted delimiter",
      '"a,b",c\n"x,y",z',
      [
        ["a,b", "c"],
        ["x,y", "z"],
      ],
    ],
    [
      "quoted quote",
      '"say ""hi""",c\n"""x""",y',
      [
        ['say "hi"', "c"],
        ['"x"', "y"],
      ],
    ],
    [
      "quoted line break",
      '"a\nb",c\n1,2',
      [
        ["a\nb", "c"],
        ["1", "2"],
      ],
    ],
    [
      "empty quoted cell at the end",
      'a,b\nx,""',
      [
        ["a", "b"],
        ["x", ""],
      ],
    ],
    [
      "quote inside an unquoted cell",
      '5" bar,c\n6" bar,d',
      [
        ['5" bar', "c"],
        ['6" bar', "d"],
      ],
    ],
    [
      "delimiters at the ends of lines",
      "a,b,\n1,x,\n2,y\n",
      [
        ["a", "b"],
        ["1", "x"],
        ["2", "y"],
      ],
    ],
    [
      "the delimiter in a line of its own",
      "sep=,\na,b\nx,y",
      [
        ["a", "b"],
        ["x", "y"],
      ],
    ],
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
  ])("%s", (_, text, expected) => expect(cellsOf(text)).toEqual(expected));

  test("lines are those of the file, across blank lines, comments and quoted line breaks", () => {
    const table = parseCsv('a\n\n"1\r\n2"\r\n# why\r\n3', { comment: "#" });
    expect([...table.lines]).toEqual([3, 6]);
  });
});

describe("typed columns", () => {
  test("a column is numeric where every cell that is not missing is a number", () => {
    const table = parseCsv("x,label,y\n1, a,-2.5e3\n.5,b,\n+3.,c, 7 \n");
    expect(columnNames(table)).toEqual(["x", "label", "y"]);
    expect([...numbersOf(table, "x")]).toEqual([1, 0.5, 3]);
    expect([...numbersOf(table, "y")]).toEqual([-2500, Number.NaN, 7]);
    expect(columnOf(table, "label")).toEqual({ name: "label", type: "text", values: ["a", "b", "c"] });
    expect([...table.lines]).toEqual([2, 3, 4]);
  });

  test.each(["0x10", "1,5", "1e", "12 MPa", "--1", "1_000", "true", "1 2", "+", ".", "e5"])("%s is text", (cell) => {
    expect(columnOf(parseCsv(`x\n"${cell}"`), "x").type).toBe("text");
  });

  test.each([
    ["NaN", Number.NaN],
    ["-inf", -Infinity],
    ["Infinity", Infinity],
    ["1e400", Infinity],
    ["\u22121.5", -1.5],
    ["1.0D+03", 1000],
    ["2.5d-1", 0.25],
    ["-0", -0],
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

  test.each<[string, string, CsvOptions]>([
    ["as written", "-999", { missing: ["-999"] }],
    ["of another notation", "-999.0", { missing: ["-999"] }],
    ["in quotes", '"-9.99e2"', { missing: ["-999"] }],
    ["written at length", "9999.99", { missing: ["9999.990"] }],
    ["zero", "-0", { missing: ["0"] }],
    ["declared", "-999", { missing: ["-999"], types: { x: "number" } }],
    ["with a unit", "-999 kN", { missing: ["-999"], units: { x: "kN" } }],
    ["decimal comma", "-999,0", { missing: ["-999"], decimal: ",", delimiter: ";" }],
    ["overflowing", "1e400", { missing: ["1e400"] }],
  ])("a number that means missing: %s", (_, cell, options) => {
    const text = `x,y\n${cell},1\n3,2\n007,3\n${cell},4\n`.replaceAll(/,(?=[y\d]$)/gm, options.delimiter ?? ",");
    const kept = parseCsv(text, options);
    expect([...numbersOf(kept, "x")]).toEqual([Number.NaN, 3, 7, Number.NaN]);
    expect([...parseCsv(text, { ...options, onMissing: "dropRows" }).lines]).toEqual([3, 4]);
    expect(() => parseCsv(text, { ...options, onMissing: "error" })).toThrow('line 2 has no value in column "x"');
    const mixed = columnOf(parseCsv(text.replace("\n3", "\nsteel"), { ...options, types: {} }), "x");
    expect(mixed.values).toEqual(["", "steel", "007", ""]);
  });

  test("an infinity is not missing for another number that overflows; text that is declared means what it says", () => {
    expect(numbersOf(parseCsv("x\ninf\n1e500", { missing: ["1e400"] }), "x")[1]).toBe(Infinity);
    const table = parseCsv("x\n-999.0\n-999", { missing: ["-999"], types: { x: "text" } });
    expect(columnOf(table, "x").values).toEqual(["-999.0", ""]);
  });

  test("other delimiters", () => {
    expect([...numbersOf(parseCsv("a;b\n1;2", { delimiter: ";" }), "b")]).toEqual([2]);
    expect([...numbersOf(parseCsv("a\tb\n1\t", { delimiter: "\t" }), "b")]).toEqual([Number.NaN]);
  });
});

describe("numbers", () => {
  // 1 + 2^-53 lies in the middle of two doubles; the digit behind decides.
  test.each([
    "9007199254740993",
    "1.00000000000000011102230246251565404",
    "1.00000000000000011102230246251565405",
    "1.234567890123456690e-01",
    "-1.7976931348623157e308",
    "4.9e-324",
    "0.30000000000000004",
    "123456789012345678901234567890",
    "179769313486231580793e-60",
    "00001.50e+001",
    ".5",
    "5.",
  ])("%s is the nearest double", (text) => expect(numbersOf(parseCsv(`x\n${text}\n`), "x")[0]).toBe(Number(text)));

  const pairs: [string, CsvOptions, string, number[]][] = [
    ["decimal comma", { delimiter: ";", decimal: "," }, "x;y\n0,5;1\n-1,25e1;2", [0.5, -12.5]],
    ["thousands", { thousands: "," }, 'x,y\n"1,234.5",1\n"12,345,678",2', [1234.5, 12345678]],
    ["spaces between thousands", { thousands: " " }, "x,y\n1 234,1\n1\u202f234\u00a0567,2", [1234, 1234567]],
    ["points between thousands", { delimiter: ";", decimal: ",", thousands: "." }, "x;y\n1.234,5;1\n7;2", [1234.5, 7]],
    ["a unit", { units: { x: "%" } }, "x,y\n12%,1\n50 %,2", [12, 50]],
    ["a line of units", { units: true }, "x,y\nkN,mm\n1,2\n3,4", [1, 3]],
    ["booleans", { booleans: true }, "x,y\nTRUE,1\nfalse,2", [1, 0]],
    ["comments", { comment: "#" }, "# made today\nx,y\n1,2\n# a break\n3,4", [1, 3]],
    ["blanks", { delimiter: "whitespace" }, "  x   y\n 1\t 2\n3  4  \n", [1, 3]],
    ["no header", { header: false }, "1,2\n3,4", [1, 3]],
    ["given names", { header: ["p", "q"] }, "1,2\n3,4", [1, 3]],
    ["numbers as names", { header: true }, "400,410\n1,2\n3,4", [1, 3]],
  ];
  test.each(pairs)("%s", (_, options, text, expected) => {
    const table = parseCsv(text, options);
    expect([...numbersOf(table, columnNames(table)[0]!)]).toEqual(expected);
  });

  test("a unit is kept, and names are repaired on request", () => {
    expect(parseCsv("x,y\nkN,mm\n1,2", { units: true }).columns.map(({ unit }) => unit)).toEqual(["kN", "mm"]);
    expect(columnNames(parseCsv(",a,a,a_2\n1,2,3,4", { repairNames: true }))).toEqual(["column1", "a", "a_3", "a_2"]);
    expect(columnNames(parseCsv("1,2\n3,4", { header: false }))).toEqual(["column1", "column2"]);
  });

  test("no group of three digits begins with a zero", () => {
    const table = parseCsv("a;b\n0,234;1\n-0,567;2", { delimiter: ";", thousands: "," });
    expect(() => tableDataset(table, { target: "b" })).toThrow('"0,234", a number with a decimal comma, on line 2');
  });

  test("units of what has none", () => {
    expect(parseCsv("x,y\nkN,1\n1,2", { units: true }).columns.map(({ unit }) => unit)).toEqual(["kN", "1"]);
  });

  test("a cell nan is missing", () => {
    expect(parseCsv("x,y\nnan,1\n2,3", { onMissing: "dropRows" }).rowCount).toBe(1);
    expect(() => parseCsv("x,y\nnan,1\n2,3", { onMissing: "error" })).toThrow('line 2 has no value in column "x"');
  });
});

describe("streams", () => {
  const text = 'a,b,c\r\n1,"x ""y""\n z",3.25\r\n\r\n-4e2,w,5\r\n6,"v",7';
  test.each([1, 2, 3, 7, 1000])("pieces of %i bytes make the same table", async (size) => {
    const bytes = new TextEncoder().encode(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.slice(i * size, (i + 1) * size),
    );
    const seen: number[] = [];
    const table = await parseCsvStream(pieces, { onProgress: ({ bytes: read }) => void seen.push(read) });
    expect(table).toEqual(parseCsv(text));
    expect(seen.at(-1)).toBe(bytes.length);
    expect([...table.lines]).toEqual([2, 5, 6]);
  });

  test("cut anywhere, in characters, line ends and quotes too", async () => {
    const wide = Array.from({ length: 9000 }, (_, i) => `größe日本${i}`).join();
    const whole = new TextEncoder().encode('\ufeffsep=,\r\né,"日""本"\r\n1,"x\né"\r\n-4e2,ü\r\n');
    const expected = parseCsv(whole);
    for (let cut = 0; cut <= whole.length; cut++) {
      expect(await parseCsvStream([whole.subarray(0, cut), whole.subarray(cut)])).toEqual(expected);
    }
    const bytes = new TextEncoder().encode(`${wide}\n${wide.replaceAll(/[^,]+/g, "1")}\n`);
    const table = await parseCsvStream([bytes.subarray(0, 65536), bytes.subarray(65536)]);
    expect(table.columns.length).toBe(9000);
  });

  test("an aborted signal ends it", async () => {
    const read = parseCsvStream([new TextEncoder().encode(text)], { signal: AbortSignal.abort(new Error("enough")) });
    await expect(read).rejects.toThrow("enough");
  });

  test("many columns", () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `c${i}`);
    const table = parseCsv(`${names.join()}\n${names.map((_, i) => i).join()}\n`);
    expect(table.columns.at(-1)).toEqual({ name: "c19999", type: "number", values: Float64Array.of(19_999) });
  });
});

describe("what would leave without a word", () => {
  test.each([
    ["decimal comma", 'x,z,y\n"0,5",1,2\n1,2,3', '"0,5", a number with a decimal comma, on line 2; pass decimal: ","'],
    ["thousands", 'x,z,y\n"1,234",1,2\n"5,678",2,3', 'thousands: ","'],
    ["thousands space", "x,z,y\n1 234,1,2\n5 678,2,3", 'thousands: " "'],
    ["percent", "x,z,y\n12%,1,2\n50%,2,3", 'units: { "x": "%" }'],
    ["unit", "x,z,y\n12 mm,1,2\n50 mm,2,3", 'units: { "x": "mm" }'],
    ["spreadsheet error", "x,z,y\n#DIV/0!,1,2\n#DIV/0!,2,3", 'missing: ["#DIV/0!"]'],
    ["NA", "x,z,y\nNA,1,2\nNA,2,3", 'missing: ["NA"]'],
    ["booleans", "x,z,y\nTRUE,1,2\nFALSE,2,3", "booleans: true"],
    ["limit", "x,z,y\n<0.5,1,2\n3,2,3", '"<0.5", a limit, no number'],
    ["decimal comma below 1", 'x,z,y\n"0,234",1,2\n"0,567",2,3', 'on line 2; pass decimal: ","'],
    [
      "decimal comma in another cell",
      'x,z,y\n"1,234",1,2\n"0,5",2,3',
      '"0,5", a number with a decimal comma, on line 3',
    ],
    [
      "apostrophes",
      "x,z,y\n1\u2019000,1,2\n2\u2019000,2,3",
      'pass thousands: "\u2019" to the function that reads the file',
    ],
    ["currency", "x,z,y\n5\u20ac,1,2\n6\u20ac,2,3", 'units: { "x": "\u20ac" }'],
    ["units row", "x,z,y\nkN,mm,s\n1,2,3", "pass units: true"],
  ])("%s", (_, text, message) => {
    expect(() => tableDataset(parseCsv(text), { target: [] })).toThrow(message);
  });

  test.each(["12,34,567", "'1'", "(5)", "5-", "1.5 E+03", "1.5+03", "1.5\u00d710^3", "1.5 x 10\u207b\u00b3"])(
    "%s",
    (cell) => {
      const table = parseCsv(`x,z,y\n"${cell}",1,2\n"${cell}",2,3`);
      expect(() => tableDataset(table, { target: "y" })).toThrow(
        "write it as a plain number in the file, such as -1.5e3",
      );
    },
  );

  test("decimal points where a comma was announced", () => {
    const [text, options] = ["a;b\n1.5;2\n2.25;3\n", { delimiter: ";", decimal: "," }] as const;
    const message = '"1.5", a number with a decimal point, on line 2; leave out decimal: "," where the file is read.';
    expect(() => tableDataset(parseCsv(text, options), { target: "b" })).toThrow(message);
    expect(() => parseCsv(text, { ...options, types: { a: "number" } })).toThrow(message);
  });

  test("no column is left beside text", () => {
    const table = parseCsv("day,y\nMonday,1\nTuesday,2");
    expect(() => tableDataset(table, { target: "y" })).toThrow(
      'Left out as text: "day", which begins with "Monday" on line 2; write numbers there, or name it in oneHot.',
    );
  });

  test("text that is no number is named, and text that is declared is left alone", () => {
    const text = "name,x,y\nsteel,1,2\nbrass,3,4";
    expect(tableDataset(parseCsv(text), { target: "y" }).unusedColumns).toEqual(["name"]);
    const table = parseCsv("id,x,y\n1 mm,1,2\n2 mm,3,4", { types: { id: "text" } });
    expect(tableDataset(table, { target: "y" }).inputNames).toEqual(["x"]);
  });

  test.each([
    ["blanks around", "m,y\nsteel,1\n steel,2\nsteel ,3", "m", ["m=steel"]],
    ["leading zeros", "m,y\n007,1\n7,2", "m", ["m=007", "m=7"]],
    [
      "more digits than a double",
      "m,y\n9007199254740993,1\n9007199254740992,2",
      "m",
      ["m=9007199254740992", "m=9007199254740993"],
    ],
    ["numbers, then text", "m,y\n1.50,1\n1.5,2\nx,3", "m", ["m=1.5", "m=1.50", "m=x"]],
  ])("categories with %s", (_, text, column, expected) => {
    expect(tableDataset(parseCsv(text), { target: "y", oneHot: [column] }).inputNames).toEqual(expected);
  });

  test("numbers written in too many ways to keep are no categories", () => {
    const cells = Array.from({ length: 1100 }, (_, i) => `${i}.50,1`);
    const table = parseCsv(`m,y\n${cells.join("\n")}`);
    expect(numbersOf(table, "m")[1099]).toBe(1099.5);
    expect(() => tableDataset(table, { target: "y", oneHot: ["m"] })).toThrow('types: { "m": "text" }');
  });
});

describe("messages", () => {
  const source = "mix.csv";
  const cases: [string, string, CsvOptions, string][] = [
    ["empty", "", {}, "the file is empty; it needs a header row with column names and rows of values."],
    ["header only", "a,b\n", {}, 'the file has a header ("a", "b") and no rows; add rows of values.'],
    ["short row", "a,b\n1,2\n3\n", {}, 'line 3 has 1 cells; there are 2 columns ("a", "b").'],
    [
      "long row",
      "a,b\n\n1,2,3\n",
      {},
      'line 3 has 3 cells; there are 2 columns ("a", "b"). Quote a cell that contains ",".',
    ],
    [
      "repeated name",
      "a,b, a\n1,2,3",
      {},
      'columns 1 and 3 are both named "a" (line 1); rename one, or pass repairNames: true',
    ],
    [
      "no name",
      "a,,c\n1,2,3",
      {},
      "column 2 has no name in the header (line 1); give it one, or pass repairNames: true",
    ],
    [
      "open quote",
      'a,b\n1,"2\n3,4',
      {},
      'the quote opened on line 2 is never closed; close it, or write a literal quote as "".',
    ],
    ["text after quote", 'a,b\n"1"x,2', {}, "line 2 has text after the closing quote; write the delimiter there"],
    [
      "missing",
      "a,b\n1,\n",
      { onMissing: "error" },
      'line 2 has no value in column "b"; fill it in or pass onMissing: "dropRows".',
    ],
    ["all rows dropped", "a,b\n1,\n", { onMissing: "dropRows" }, 'leaves none. Column "b" has no number at all.'],
    [
      "unknown column in types",
      "age,b\n1,2",
      { types: { agee: "number" } },
      'there is no column "agee". Did you mean "age"?',
    ],
    ["text declared numeric", "age,b\n1,2\nold,3", { types: { age: "number" } }, 'holds the text "old" on line 3;'],
    ["semicolons", "a;b\n1;2\n3;4", {}, 'pass delimiter: ";".'],
    ["semicolons and decimal commas", "x;z;y\n0,5;1;2\n1,5;2;3", {}, 'pass delimiter: ";", decimal: ",".'],
    ["tabs", "a\tb\n1\t2", {}, 'pass delimiter: "\\t".'],
    ["blanks", "a b\n1 2\n3 4", {}, 'pass delimiter: "whitespace".'],
    ["numbers for names", "480.48,3,1\n1,2,3", {}, "the first line (1) holds numbers"],
    ["numbers and a label for names", "5.1,3.5,setosa\n4.9,3,setosa", {}, "pass header: false"],
    [
      "values for units",
      "t,F\n0,10\n1,20",
      { units: true },
      'takes line 2 for units, and it holds numbers ("0", "10")',
    ],
    [
      "a comment",
      "# made today\na,b\n1,2",
      {},
      'line 1 begins with "#"; pass comment: "#" if it is a comment, or header: true',
    ],
    ["comments", "# made, today\n# by me\na,b\n1,2", {}, 'pass comment: "#"'],
    ["a comment above one column", "% made today\na\n1", {}, 'pass comment: "%"'],
    ["lines above the names", "made today\na,b\n1,2", {}, "If the names of the columns stand further down, take out"],
    ["UTF-16", "a\0,\0b\0\n\0", {}, "the file holds bytes of 0: it is UTF-16 text"],
    ["another first line", "sep=;\na;b\n1;2", {}, 'pass delimiter: ";"'],
  ];
  test.each(cases)("%s", (_, text, options, message) => {
    expect(() => parseCsv(text, { source, ...options })).toThrow(message);
    expect(() => parseCsv(text, { source, ...options })).toThrow(/^mix\.csv: /);
  });

  test.each([
    [{ delimeter: ";" }, 'unknown option "delimeter"'],
    [{ delimiter: "ab" }, 'option "delimiter" is "ab"'],
    [{ decimal: ",", delimiter: "," }, 'received "," as decimal and as delimiter'],
    [{ missing: "NA" }, 'option "missing" is "NA"'],
  ])("options %j", (options, message) => expect(() => parseCsv("a\n1", options as CsvOptions)).toThrow(message));

  test("a path for a text", () => {
    expect(() => parseCsv("data/mix.csv")).toThrow('"data/mix.csv", the path of a file, for its text; readCsv');
  });

  test("names that begin with a mark", () => {
    expect(columnNames(parseCsv("#,x\n1,2\n3,4"))).toEqual(["#", "x"]);
  });

  test("bytes that are no UTF-8", () => {
    const bytes = Uint8Array.of(...new TextEncoder().encode("a\n1\nM"), 0xfc, 0x0a);
    expect(() => parseCsv(bytes)).toThrow("line 3: the cell is not UTF-8 text");
  });

  test("unknown column, near and far", () => {
    const table = parseCsv("age_days,strength_MPa\n1,2", { source });
    expect(() => columnOf(table, "strength")).toThrow('there is no column "strength". Did you mean "strength_MPa"?');
    expect(() => columnOf(table, "zzz")).toThrow('"zzz". The columns are "age_days", "strength_MPa".');
  });

  test("text used as numbers", () => {
    const table = parseCsv("age\n1\nn/a", { source });
    expect(() => numbersOf(table, "age")).toThrow(
      'holds "n/a", a mark of a missing number, on line 3; pass missing: ["n/a"]',
    );
    const declared = parseCsv("age\n1", { source, types: { age: "text" } });
    expect(() => numbersOf(declared, "age")).toThrow('read it with types: { "age": "number" }.');
  });
});
