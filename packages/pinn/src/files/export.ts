// Solutions for other programs: VTK's unstructured grids, which ParaView opens, and CSV.
import { type Check, checkOptions, checks, fail, quoted } from "@hooke/runtime";
import { time } from "../domains/domain.ts";
import { type Places, rowsOf } from "../points/given.ts";
import { checkSolution, evenly, type Fixed, fixedCheck, fixedOf, type Grid, gridOf } from "../results/grid.ts";
import type { Answers, Asked, Solution } from "../solution.ts";

/** Options of {@link encodeVtu} and {@link encodeCsv}; give `grid` or `points`. */
export interface ExportOptions {
  /**
   * How many values of each coordinate, over the bounds of the domain, ends included, such as `{ x: 101, y: 51 }`; points outside of the domain are left
   * out. Coordinates without a number are fixed.
   */
  readonly grid?: Readonly<Record<string, number>>;
  readonly points?: Places;
  /** What is written: names, or a function as `solution.at` takes it. Default all fields and derived quantities. */
  readonly asked?: Asked;
  /** The values of coordinates that a grid fixes. Default the middle of space and the end of time. */
  readonly at?: Fixed;
}

const countsCheck: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length > 0 &&
  Object.values(value).every((count) => checks.count(count) === undefined)
    ? undefined
    : "how many values of each coordinate, such as { x: 101, y: 51 }";
const placesCheck: Check = (value) => (typeof value === "object" && value !== null ? undefined : "points");
const askedCheck: Check = (value) =>
  typeof value === "function" || (Array.isArray(value) && value.length > 0) ? undefined : "names, or a function";

/** Points, the cells of a grid between them, and what was asked there. */
interface Table {
  readonly rows: readonly (readonly number[])[];
  readonly grid?: Grid;
  readonly answers: Answers;
}

async function tableOf(who: string, solution: Solution, options: ExportOptions): Promise<Table> {
  checkSolution(who, solution);
  checkOptions<ExportOptions>(who, options, {
    optional: { grid: countsCheck, points: placesCheck, asked: askedCheck, at: fixedCheck },
  });
  const { domain, fields, derived } = solution.problem;
  const { grid: counts, points, at = {} } = options;
  if ((counts === undefined) === (points === undefined)) fail(who, "takes a grid or points; give one of them.");
  if (points !== undefined && options.at !== undefined)
    fail(who, "received points and values to fix; points have all coordinates.");
  const asked = options.asked ?? [...Object.keys(fields), ...Object.keys(derived)];
  if (counts === undefined) {
    const flat = rowsOf(who, domain.coordinates, points!);
    const { length } = domain.coordinates;
    const rows = Array.from({ length: flat.length / length }, (_, i) => [
      ...flat.subarray(i * length, (i + 1) * length),
    ]);
    return { rows, answers: await solution.at(rows, asked) };
  }
  const odd = Object.keys(counts).find((name) => !domain.coordinates.includes(name));
  if (odd !== undefined) fail(who, `received a grid along "${odd}"; there are ${quoted(domain.coordinates)}.`);
  const fixed = fixedOf(who, domain, Object.keys(counts), at);
  const axes = domain.coordinates.map((name) => {
    const count = counts[name];
    return count === undefined ? [fixed[name]!] : evenly(domain.bounds[name]!, count);
  });
  const grid = gridOf(domain, axes);
  if (grid.inside.length === 0) fail(who, "received a grid of which no point lies in the domain; give it more points.");
  const rows = grid.inside.map((i) => grid.rows[i]!);
  return { rows, grid, answers: await solution.at(rows, asked) };
}

/**
 * A solution as CSV: a column for each coordinate and each quantity, a row for each point, numbers with all their digits.
 *
 * @returns UTF-8, which `readCsv` and `parseCsv` of `@hooke/data` read
 * @throws if a quantity or a coordinate is not there
 */
export async function encodeCsv(solution: Solution, options: ExportOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { rows, answers } = await tableOf("encodeCsv", solution, options);
  const names = Object.keys(answers);
  const head = [...solution.problem.domain.coordinates, ...names].map(cellOf);
  const lines = rows.map((row, i) => [...row, ...names.map((name) => answers[name]![i]!)].join(","));
  return new TextEncoder().encode(`${[head.join(","), ...lines].join("\n")}\n`);
}

const cellOf = (name: string): string => (/[",\n\r]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

/** Lines, quadrilaterals and hexahedra of VTK, by dimension; points, where there is nothing between them. */
const cellTypes = [1, 3, 9, 12] as const;
/** The corners of a cell in VTK's order: which axes are at their upper end. */
const corners: readonly (readonly (readonly number[])[])[] = [
  [[]],
  [[0], [1]],
  [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ],
  [
    [0, 0, 0],
    [1, 0, 0],
    [1, 1, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 1],
    [1, 1, 1],
    [0, 1, 1],
  ],
];

/**
 * A solution as a VTK unstructured grid (`.vtu`), which ParaView, PyVista and meshio open: points in space with f64 data, to the bit. Between the points of a grid there are
 * cells, where all corners lie in the domain. Vectors of `x`, `y` and `z` have three components, for arrows and warps; other records an array for each component. Time
 * is fixed, and written as `TimeValue`: a file for each time makes a series.
 *
 * @throws if a quantity or a coordinate is not there, on a grid along time or along more than three coordinates, and on points of different times
 */
export async function encodeVtu(solution: Solution, options: ExportOptions): Promise<Uint8Array<ArrayBuffer>> {
  const who = "encodeVtu";
  const { rows, grid, answers } = await tableOf(who, solution, options);
  const { coordinates } = solution.problem.domain;
  const space = coordinates.flatMap((name, axis) => (name === time ? [] : [axis]));
  if (space.length > 3) {
    fail(
      who,
      `writes three coordinates of space, and the domain has ${quoted(space.map((axis) => coordinates[axis]!))}.`,
      "unsupported",
    );
  }
  const clock = coordinates.indexOf(time);
  if (clock >= 0 && rows.some((row) => row[clock] !== rows[0]![clock])) {
    fail(who, "received points of several times; a file is of one. Write one for each.", "unsupported");
  }
  const places = new Float64Array(3 * rows.length);
  for (const [i, row] of rows.entries()) for (const [to, axis] of space.entries()) places[3 * i + to] = row[axis]!;
  const cells = cellsOf(grid, rows.length);
  const size = cells[0]!.length;
  const data = arraysOf(answers, rows.length).map(({ name, components, values }) =>
    arrayOf(values, `Name="${escaped(name)}"${components > 1 ? ` NumberOfComponents="${components}"` : ""}`),
  );
  const clockData =
    clock < 0
      ? []
      : [`<FieldData>${arrayOf(Float64Array.of(rows[0]![clock]!), 'Name="TimeValue" NumberOfTuples="1"')}</FieldData>`];
  const type = cellTypes[Math.log2(size)]!;
  const text = [
    '<?xml version="1.0"?>',
    '<VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">',
    "<UnstructuredGrid>",
    ...clockData,
    `<Piece NumberOfPoints="${rows.length}" NumberOfCells="${cells.length}">`,
    `<Points>${arrayOf(places, 'Name="Points" NumberOfComponents="3"')}</Points>`,
    "<Cells>",
    arrayOf(BigInt64Array.from(cells.flat(), BigInt), 'Name="connectivity"'),
    arrayOf(
      BigInt64Array.from(cells, (_, i) => BigInt(size * (i + 1))),
      'Name="offsets"',
    ),
    arrayOf(new Uint8Array(cells.length).fill(type), 'Name="types"'),
    "</Cells>",
    "<PointData>",
    ...data,
    "</PointData>",
    "</Piece>",
    "</UnstructuredGrid>",
    "</VTKFile>",
    "",
  ].join("\n");
  return new TextEncoder().encode(text);
}

/** Cells whose corners all are points; of points without a grid, the points themselves. */
function cellsOf(grid: Grid | undefined, count: number): readonly (readonly number[])[] {
  const alone = Array.from({ length: count }, (_, i) => [i]);
  if (grid === undefined) return alone;
  const { axes, inside } = grid;
  const wide = axes.flatMap(({ length }, axis) => (length > 1 && grid.coordinates[axis] !== time ? [axis] : []));
  if (wide.length === 0) return alone;
  const strides = axes.map((_, axis) => axes.slice(axis + 1).reduce((product, { length }) => product * length, 1));
  const numbers = new Map(inside.map((index, number) => [index, number]));
  const cells = inside.flatMap((index) => {
    const first = wide.every(
      (axis) => Math.floor(index / strides[axis]!) % axes[axis]!.length < axes[axis]!.length - 1,
    );
    if (!first) return [];
    const cell = corners[wide.length]!.map((corner) =>
      numbers.get(corner.reduce((at, upper, i) => at + upper * strides[wide[i]!]!, index)),
    );
    return cell.every((number) => number !== undefined) ? [cell] : [];
  });
  return cells.length === 0 ? alone : cells;
}

interface DataArray {
  readonly name: string;
  readonly components: number;
  readonly values: Float64Array;
}

/** Answers as arrays: `v.x` and `v.y` as a vector. */
function arraysOf(answers: Answers, count: number): DataArray[] {
  const groups = new Map<string, Map<string, Float64Array>>();
  for (const [name, values] of Object.entries(answers)) {
    const dot = name.lastIndexOf(".");
    const [whole, component] = dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
    if (!groups.has(whole)) groups.set(whole, new Map());
    groups.get(whole)!.set(component, values);
  }
  return [...groups].flatMap(([name, parts]): DataArray[] => {
    const vector =
      parts.has("x") && parts.has("y") && [...parts.keys()].every((part) => ["x", "y", "z"].includes(part));
    if (!vector) {
      return [...parts].map(([part, values]) => ({
        name: part === "" ? name : `${name}.${part}`,
        components: 1,
        values,
      }));
    }
    const values = new Float64Array(3 * count);
    for (const [to, part] of ["x", "y", "z"].entries()) {
      for (const [i, value] of (parts.get(part) ?? []).entries()) values[3 * i + to] = value;
    }
    return [{ name, components: 3, values }];
  });
}

const vtkTypes = new Map<unknown, string>([
  [Float64Array, "Float64"],
  [BigInt64Array, "Int64"],
  [Uint8Array, "UInt8"],
]);

/** An array as XML: the number of its bytes and the bytes, in base64. */
function arrayOf(values: Float64Array | BigInt64Array | Uint8Array, attributes: string): string {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(values.byteLength), true);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const whole = new Uint8Array(8 + bytes.length);
  whole.set(length);
  whole.set(bytes, 8);
  return `<DataArray type="${vtkTypes.get(values.constructor)}" ${attributes} format="binary">${base64(whole)}</DataArray>`;
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

const escaped = (name: string): string =>
  name.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
