// Labels of images: the folders they lie in, or the rows of a table that names them.
import { columnOf, type Table, tableDataset, take } from "@hooke/data";
import { fail, type HostArray, quoted, suggestion, zeros } from "@hooke/runtime";

/** A table that says what images show. */
export interface LabelOptions {
  /** Such as `readCsv("labels.csv")` gives. */
  readonly table: Table;
  /** Its column of file names, as paths below the folder. */
  readonly file: string;
  /** Its column, or columns, to predict: numbers, or text for classes, as `tableDataset` takes them. */
  readonly target: string | readonly string[];
  /** As `tableDataset` takes it: fixes classes and their order, or makes numbers classes. */
  readonly classes?: boolean | readonly string[];
}

/** Images with what is known of them: names in their order, one row of targets each. */
export interface LabelledNames {
  readonly names: readonly string[];
  readonly targets: HostArray;
  readonly targetNames: readonly string[];
  readonly classes?: readonly string[];
  readonly lines?: Int32Array;
  readonly warnings: readonly string[];
}

/**
 * @param names of images, in natural order
 * @throws if there are none, or none has a label, or a row of the table is not as it must be
 */
export function labelNames(
  source: string,
  names: readonly string[],
  labels: "folders" | "none" | LabelOptions,
): LabelledNames {
  if (names.length === 0)
    fail(source, "it holds no images: no file ends with .png, .tif, .tiff, .jpg or .jpeg.", "invalid-data");
  if (labels === "none") return { names, targets: zeros([names.length, 0], "f64"), targetNames: [], warnings: [] };
  return labels === "folders" ? byFolders(source, names) : byTable(source, names, labels);
}

function byFolders(source: string, names: readonly string[]): LabelledNames {
  const labelled = names.filter((name) => name.includes("/"));
  const loose = names.filter((name) => !name.includes("/"));
  if (labelled.length === 0) {
    const cure = 'Put them there, or say labels: "none" or labels: { table, file, target }';
    return fail(source, `its images are in no folders that could name their classes. ${cure}.`, "invalid-data");
  }
  const folderOf = (name: string): string => name.slice(0, name.indexOf("/"));
  // Names come in natural order, and so do the folders.
  const classes = [...new Set(labelled.map(folderOf))];
  const numbers = new Map(classes.map((name, i) => [name, i]));
  return {
    names: labelled,
    targets: {
      shape: [labelled.length],
      dtype: "i32",
      data: Int32Array.from(labelled, (name) => numbers.get(folderOf(name))!),
    },
    targetNames: ["class"],
    classes,
    warnings:
      loose.length === 0 ? [] : [`${source}: ${some(loose, "image is", "images are")} in no folder, and left out.`],
  };
}

/** A column that is in no file. */
const nothing = "\0";

function byTable(
  source: string,
  names: readonly string[],
  { table, file, target, classes }: LabelOptions,
): LabelledNames {
  // Columns, classes, missing cells: as for every table. A dataset of it needs an input.
  const columns = [
    ...table.columns,
    { name: nothing, type: "number", values: new Float64Array(table.rowCount) } as const,
  ];
  const options = { target, inputs: [nothing], ...(classes !== undefined && { classes }) };
  const data = tableDataset({ ...table, columns }, options);
  const listed = columnOf(table, file);
  if (listed.type !== "text") {
    return fail(
      table.source,
      `column "${file}" holds numbers, not the names of files; read it with types: { "${file}": "text" }.`,
      "mismatch",
    );
  }
  const there = new Set(names);
  const rowOf = new Map<string, number>();
  const rows: number[] = [];
  const missing: string[] = [];
  for (const [row, cell] of listed.values.entries()) {
    const name = cell.replaceAll("\\", "/").replace(/^\.\//, "");
    const before = rowOf.get(name);
    if (before !== undefined) {
      fail(
        table.source,
        `lines ${table.lines[before]} and ${table.lines[row]} both name "${cell}"; leave one out.`,
        "invalid-data",
      );
    }
    rowOf.set(name, row);
    if (there.has(name)) rows.push(row);
    else missing.push(cell);
  }
  if (rows.length === 0) {
    const first = listed.values[0] ?? "";
    const known = `${source} holds ${quoted(names.slice(0, 3))}${names.length > 3 ? ", ..." : ""}`;
    return fail(
      table.source,
      `column "${file}" names none of the images: "${first}" first, and ${known}.${suggestion(first, names.slice(0, 1000))}`,
      "mismatch",
    );
  }
  const found = take(data, rows);
  const unlabelled = names.filter((name) => !rowOf.has(name));
  return {
    names: rows.map((row) => listed.values[row]!.replaceAll("\\", "/").replace(/^\.\//, "")),
    targets: found.targets,
    targetNames: found.targetNames,
    ...(found.classes && { classes: found.classes }),
    ...(found.lines && { lines: found.lines }),
    warnings: [
      ...(missing.length === 0
        ? []
        : [`${table.source}: ${some(missing, "file is", "files are")} not in ${source}, and left out.`]),
      ...(unlabelled.length === 0
        ? []
        : [`${source}: ${some(unlabelled, "image is", "images are")} not in ${table.source}, and left out.`]),
    ],
  };
}

/** `3 images are ("a", "b", "c")`: how many, and which. */
function some(names: readonly string[], one: string, many: string): string {
  const shown = names.length <= 5 ? quoted(names) : `${quoted(names.slice(0, 5))} and ${names.length - 5} more`;
  return `${names.length} ${names.length === 1 ? one : many} (${shown})`;
}
