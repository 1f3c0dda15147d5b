// Solutions as files: safetensors with a checksum, with scales and a description of the problem as JSON. The problem itself is code.
import { init } from "@hooke/core";
import { ownDTypes, parseJson, readSafetensors, writeSafetensors } from "@hooke/data/safetensors";
import {
  type Aval,
  type Backend,
  checkOptions,
  checks,
  describe,
  fail,
  foldHost,
  type HostArray,
  quoted,
  randomKey,
  record,
  show,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
} from "@hooke/runtime";
import manifest from "../../package.json" with { type: "json" };
import type { Intervals } from "../intervals.ts";
import { isSolved, labelled, marchedFrom } from "../marching/joined.ts";
import type { Marching } from "../marching/window-points.ts";
import { type Networks, networksOf, type Parameters } from "../model.ts";
import { type Problem, problemCheck } from "../problem.ts";
import { residualName } from "../residuals.ts";
import type { Scales } from "../scaling/scales.ts";
import { type Solution, solutionCheck, solutionOf } from "../solution.ts";
import { descriptionOf, differenceOf } from "./description.ts";

/** Options of {@link decodeSolution}. */
export interface DecodeSolutionOptions {
  /** A backend that has started and runs f64, such as `wasmBackend()`: the solution answers by it. */
  readonly backend: Backend;
}

const format = 1;
const { name: writer, version } = manifest;
const entry = "hooke.solution";
const who = "solution file";

/** Points at which a file notes what the fields are, to know the problem's functions by. */
const noted = 16;
/** Backends differ in the last digits; another function differs by more than this part of the largest value. */
const apart = 1e-9;

/**
 * A solution as the bytes of a safetensors file with a checksum (CRC-32C) over all of it. It holds parameters, intervals of unknowns, scales, a description of the problem and the
 * values of the fields at 16 points; the problem, which is code, it does not hold. In Node, `writeFileAtomic` of `@hooke/data/node` writes it.
 *
 * @throws on anything but a solution
 */
export async function encodeSolution(solution: Solution): Promise<Uint8Array<ArrayBuffer>> {
  const expected = solutionCheck(solution);
  if (expected !== undefined) fail("encodeSolution", `received no solution; expected ${expected}.`);
  const { problem, parameters, scales, marching } = solution;
  const { domain } = problem;
  const tensors = new Map<string, HostArray>();
  put(tensors, "fields", parameters.fields);
  put(tensors, "unknowns", parameters.unknowns);
  for (const [name, { low95, value, high95 }] of Object.entries(solution.identified)) {
    if (low95 === undefined || high95 === undefined) continue;
    tensors.set(`intervals.${name}`, { shape: [3], dtype: "f64", data: Float64Array.of(low95, value, high95) });
  }
  const drawn = domain.interior(noted).draw(foldHost(randomKey(0), "file"));
  const rows = rowsIn(drawn.rows, domain.coordinates.length).filter((row) => isSolved(solution, row));
  const shape = [rows.length, domain.coordinates.length];
  tensors.set("points", { shape, dtype: "f64", data: Float64Array.from(rows.flat()) });
  for (const [name, data] of Object.entries(rows.length === 0 ? {} : await solution.at(rows))) {
    tensors.set(`values.${name}`, { shape: [rows.length], dtype: "f64", data });
  }
  const header = {
    format,
    versions: { [writer]: version },
    problem: descriptionOf(problem, networksOf(problem)),
    scales,
    ...(marching && { marching }),
  };
  return writeSafetensors([...tensors], { [entry]: JSON.stringify(header) }, true);
}

/**
 * Reads a solution from the bytes of {@link encodeSolution}.
 *
 * @param problem what it solves: the same fields, components, coordinates, bounds, unknowns, names of terms and networks, and exact transforms that give
 *   the same values. Derived quantities, and what terms say, may be others
 * @throws on files that are not bit for bit as they were written or make no sense (`"corrupt-file"`), and on files of another problem
 *   (`"mismatch"`), naming the first thing that differs
 * @example
 * ```ts
 * import { wasmBackend } from "@hooke/backend-wasm";
 * import { decodeSolution, encodeSolution, interval, mlp, problem, residual, solve } from "@hooke/pinn";
 * import { selfScaledBroyden } from "@hooke/minimize";
 * import { add, mul, sub } from "@hooke/runtime";
 *
 * const backend = wasmBackend();
 * const line = interval({ x: [0, 1] });
 * const poisson = problem({
 *   domain: line,
 *   fields: { u: mlp({ units: [8] }) },
 *   exact: { u: ({ x, free }) => mul(mul(x, sub(1, x)), free) },
 *   terms: { equation: residual(line.interior(30), ({ u, d }) => add(d(u, "x", "x"), 2)) },
 * });
 * const { solution } = await solve(poisson, { backend, stages: [{ method: selfScaledBroyden(), iterations: 50 }] });
 * const bytes = await encodeSolution(solution);
 * const again = await decodeSolution(bytes, poisson, { backend });
 * const [was, is] = [await solution.at([[0.3]]), await again.at([[0.3]])];
 * console.log(was.u![0] === is.u![0]); // true
 * ```
 */
export async function decodeSolution(
  bytes: Uint8Array,
  problem: Problem,
  options: DecodeSolutionOptions,
): Promise<Solution> {
  const expected = problemCheck(problem);
  if (expected !== undefined) fail("decodeSolution", `received no problem; expected ${expected}.`);
  checkOptions<DecodeSolutionOptions>("decodeSolution", options, { required: { backend: checks.backend } });
  const { backend } = options;
  const { tensors, metadata, checksum } = readSafetensors(bytes, who, ownDTypes);
  const header = headerOf(metadata[entry], checksum);
  const difference = differenceOf(header.problem, descriptionOf(problem, networksOf(problem)));
  if (difference !== undefined) {
    const { path, file, own } = difference;
    fail(who, `is of another problem: ${path} is ${shown(file)}, in the problem ${shown(own)}.`, "mismatch");
  }
  const taken = new Taken(new Map(Object.entries(tensors)));
  const { scales, marching } = header;
  const solution =
    marching === undefined
      ? await partOf(backend, problem, scales, taken)
      : await marchedFrom(problem, marchingOf(problem, marching, scales), (own, window) =>
          partOf(backend, own, scales, taken, window),
        );
  await checkValues(solution, taken);
  taken.checkAll();
  return solution;
}

/** A whole solution, or that of a window. */
async function partOf(
  backend: Backend,
  problem: Problem,
  all: Scales,
  taken: Taken,
  window?: number,
): Promise<Solution> {
  const scales = scalesOf(problem, all, window);
  const networks = networksOf(problem);
  const parameters = parametersOf(problem, networks, taken, window);
  return solutionOf(backend, problem, networks, parameters, scales, intervalsIn(problem, taken));
}

/** The values and intervals of unknowns that have some. */
function intervalsIn({ unknowns }: Problem, taken: Taken): Intervals["bounds"] {
  return Object.fromEntries(
    Object.keys(unknowns).flatMap((name) => {
      const key = `intervals.${name}`;
      if (!taken.has(key)) return [];
      const given = taken.take(key, { shape: [3], dtype: "f64" }).data as Float64Array;
      const [low95, value, high95] = given as unknown as readonly [number, number, number];
      if (!(low95 <= value && value <= high95)) fail(who, `has ${key}, ${[...given].join(", ")}.`, "corrupt-file");
      return [[name, { value, low95, high95 }] as const];
    }),
  );
}

function parametersOf(problem: Problem, networks: Networks, taken: Taken, window: number | undefined): Parameters {
  const { coordinates: all } = problem.domain;
  const fields = Object.entries(networks).map(([name, layer]) => {
    const inputs = problem.fields[name]!.coordinates ?? all;
    const make = (key: Tensor) => init(layer, [inputs.length], key, "f64").params;
    const structure = record(make as () => never, randomKey(0)).result as unknown as Tree<Aval>;
    const prefix = window === undefined ? `fields.${name}` : `fields.${name}.${window}`;
    return [name, treeMap(structure, (aval: Aval, path: string) => taken.take(join(prefix, path), aval))] as const;
  });
  const unknowns = Object.keys(problem.unknowns).map(
    (name) => [name, taken.take(`unknowns.${name}`, { shape: [], dtype: "f64" })] as const,
  );
  return {
    fields: Object.fromEntries(fields) as Parameters["fields"],
    unknowns: Object.fromEntries(unknowns),
  };
}

/** The scales of a problem among those of the file. */
function scalesOf({ fields, plan }: Problem, all: Scales, window: number | undefined): Scales {
  const pick = (what: "fields" | "terms", names: readonly string[]): Readonly<Record<string, number>> =>
    Object.fromEntries(
      names.map((name) => {
        const label = window === undefined ? name : labelled(window, name);
        if (!Object.hasOwn(all[what], label))
          fail(who, `has no scale of "${label}" among its ${what}.`, "corrupt-file");
        return [name, all[what][label]!];
      }),
    );
  const terms = Object.entries(plan.components).flatMap(([name, components]) =>
    components.map((component) => residualName(name, component)),
  );
  return { fields: pick("fields", Object.keys(fields)), terms: pick("terms", terms) };
}

/** The tensors of a file, each of which belongs somewhere. */
class Taken {
  private readonly tensors: ReadonlyMap<string, HostArray>;
  private readonly used = new Set<string>();

  constructor(tensors: ReadonlyMap<string, HostArray>) {
    this.tensors = tensors;
  }

  /** A tensor of finite numbers. @throws if it is missing or another one */
  take(name: string, expected: Aval): HostArray {
    const found = this.named(name);
    if (describe(found) !== describe(expected)) {
      fail(who, `has ${name}, ${describe(found)}; in the problem it is ${describe(expected)}.`, "corrupt-file");
    }
    const at = found.data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) {
      fail(
        who,
        `has ${name}, which holds ${found.data[at]} at element ${at}: nothing follows from it.`,
        "corrupt-file",
      );
    }
    return found;
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  named(name: string): HostArray {
    this.used.add(name);
    return this.tensors.get(name) ?? fail(who, `has no tensor "${name}".`, "corrupt-file");
  }

  checkAll(): void {
    const rest = [...this.tensors.keys()].filter((name) => !this.used.has(name));
    if (rest.length > 0) fail(who, `has tensors that belong to nothing: ${quoted(rest.slice(0, 6))}.`, "corrupt-file");
  }
}

/** Compares what the fields say with what they said when the file was written: the functions of a problem are known by what they do. */
async function checkValues(solution: Solution, taken: Taken): Promise<void> {
  const { coordinates, contains } = solution.problem.domain;
  const points = taken.named("points");
  const [count = 0, dimensions] = points.shape;
  if (points.dtype !== "f64" || points.shape.length !== 2 || dimensions !== coordinates.length || count > noted) {
    fail(who, `has points, ${describe(points)}; expected f64 of at most ${noted} rows.`, "corrupt-file");
  }
  if (count === 0) return;
  const rows = rowsIn(points.data, dimensions);
  if (!points.data.every(Number.isFinite) || !rows.every((row) => isSolved(solution, row))) {
    fail(who, "has points where it has no solution.", "corrupt-file");
  }
  const placeOf = (row: readonly number[]): string => coordinates.map((axis, i) => `${axis} = ${row[i]}`).join(", ");
  const outside = rows.find((row) => !contains(row));
  if (outside !== undefined) {
    fail(who, `is of another problem: ${placeOf(outside)} lies outside of the domain of this one.`, "mismatch");
  }
  for (const [name, now] of Object.entries(await solution.at(rows))) {
    const was = taken.named(`values.${name}`);
    if (describe(was) !== describe({ shape: [count], dtype: "f64" })) {
      fail(who, `has values.${name}, ${describe(was)}; expected f64[${count}].`, "corrupt-file");
    }
    const largest = Math.max(...Array.from(was.data, Math.abs));
    const at = now.findIndex((value, i) => {
      const said = was.data[i]!;
      return !(Object.is(value, said) || Math.abs(value - said) <= apart * largest);
    });
    if (at < 0) continue;
    fail(
      who,
      `is of another problem: "${name}" is ${was.data[at]} at ${placeOf(rows[at]!)}, in the problem ${now[at]}. Give the exact transforms that it was solved with.`,
      "mismatch",
    );
  }
}

interface Header {
  readonly problem: unknown;
  readonly scales: Scales;
  readonly marching?: unknown;
}

/** The JSON of a file, whose scales are positive numbers. */
function headerOf(text: string | undefined, checksum: string | undefined): Header {
  if (text === undefined) {
    fail(who, `has no "${entry}" entry in its metadata; encodeSolution did not write it.`, "mismatch");
  }
  const header = parseJson(text, who, `the "${entry}" entry of its metadata`);
  if (!isRecord(header) || header.format !== format) {
    const found = isRecord(header) ? show(header.format) : "none";
    fail(who, `has format ${found}; this version of ${writer} (${version}) reads format ${format}.`, "unsupported");
  }
  if (checksum === undefined) {
    fail(
      who,
      "has no checksum: it is damaged, or another program wrote it. Solve again and encode that.",
      "corrupt-file",
    );
  }
  const names = ["format", "versions", "problem", "scales", "marching"];
  const odd = Object.keys(header).find((name) => !names.includes(name));
  if (odd !== undefined) fail(who, `has an unknown entry "${odd}" in its header.`, "corrupt-file");
  const { scales } = header;
  for (const what of ["fields", "terms"] as const) {
    const own = isRecord(scales) ? scales[what] : undefined;
    const positive = (value: unknown): boolean => checks.positive(value) === undefined;
    if (!isRecord(own) || !Object.values(own).every(positive)) {
      fail(who, `has scales of ${what} that are no record of numbers above 0.`, "corrupt-file");
    }
  }
  return header as unknown as Header;
}

/** The windows of a file, which are no more than it has scales for. */
function marchingOf(problem: Problem, marching: unknown, { fields }: Scales): Marching & { readonly solved: number } {
  const { coordinate, windows } = isRecord(marching) ? marching : {};
  const solved = Object.keys(fields).length / Object.keys(problem.fields).length;
  const fits = checks.count(windows) === undefined && Number.isInteger(solved) && solved > 0;
  if (!fits || solved > (windows as number) || !problem.domain.coordinates.includes(coordinate as string)) {
    fail(who, `has the windows ${show(marching)}, which are none of its problem.`, "corrupt-file");
  }
  return { coordinate: coordinate as string, windows: windows as number, solved };
}

const shown = (value: unknown): string => (value === undefined ? "not there" : show(value));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const join = (prefix: string, path: string): string => (path === "" ? prefix : `${prefix}.${path}`);

function put(tensors: Map<string, HostArray>, prefix: string, tree: Tree<HostArray>): void {
  for (const { path, value } of treeLeaves<HostArray>(tree)) tensors.set(join(prefix, path), value);
}

/** Rows as lists. */
function rowsIn(flat: ArrayLike<number>, dimensions: number): number[][] {
  return Array.from({ length: flat.length / dimensions }, (_, i) =>
    Array.from({ length: dimensions }, (_, axis) => flat[i * dimensions + axis]!),
  );
}
