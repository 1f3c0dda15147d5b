import { wasmBackend } from "@hooke/backend-wasm";
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { renderReport } from "@hooke/report";
import { add, mul, sub } from "@hooke/runtime";
import { beforeAll, describe, expect, test } from "vitest";
import {
  box,
  type Domain,
  dirichlet,
  energy,
  errorMap,
  errors,
  errorTable,
  fieldMap,
  historyCurves,
  identifiedTable,
  interval,
  march,
  mlp,
  problem,
  residual,
  residualMap,
  resultsPage,
  type Solved,
  slices,
  solve,
  stageTable,
  termTable,
  unknown,
} from "../index.ts";

const backend = wasmBackend();
const square = box({ x: [0, 2], y: [0, 1] });
const hole = (point: ArrayLike<number>): boolean => (point[0]! - 0.5) ** 2 + (point[1]! - 0.5) ** 2 < 0.04;
const plate: Domain = { ...square, contains: (point) => square.contains(point) && !hole(point) };
// x (2 - x) y is given exactly, whatever the network says.
const bowl = problem({
  domain: plate,
  fields: { u: mlp({ units: [3] }), v: mlp({ units: [3], components: ["x", "y"] }) },
  derived: { slope: ({ u, d }) => d.gradient(u) },
  exact: { u: ({ x, y, free }) => add(mul(mul(x, sub(2, x)), y), mul(free, 0)) },
  terms: {
    equation: residual(plate.interior(30), ({ u, d }) => add(d.laplacian(u), mul(u, 0))),
    vector: residual(plate.interior(30), ({ v }) => v),
    top: residual(square.face("y", "high", 8), ({ u, d, normal }) => mul(d(u, "y"), normal.y!)),
    density: energy(plate.interior(30), ({ v }) => mul(v.x, v.x)),
  },
});
let solved: Solved;
beforeAll(async () => {
  solved = await solve(bowl, { backend, stages: [{ method: adam(), iterations: 250 }] });
});

describe("maps", () => {
  test("have a row for each y, and blanks where the domain is not", async () => {
    const { values, x, y, ...map } = await fieldMap(solved.solution, "u", { points: 21, units: { x: "m", u: "mm" } });
    expect([values.shape, x.length, y.length]).toEqual([[11, 21], 21, 11]);
    for (const [row, up] of y.entries()) {
      for (const [column, right] of x.entries()) {
        const value = values.data[row * x.length + column]!;
        if (hole([right, up])) expect(value).toBeNaN();
        else expect(value).toBeCloseTo(right * (2 - right) * up, 12);
      }
    }
    expect(map).toEqual({
      kind: "fieldMap",
      title: "u",
      caption: "Largest at x = 1, y = 1: 1. Blank where the domain is not.",
      quantity: "u (mm)",
      xLabel: "x (m)",
      yLabel: "y",
      colors: "sequential",
    });
  });

  test("turn with their axes", async () => {
    const map = await fieldMap(solved.solution, "slope.x", { points: 5, axes: ["y", "x"] });
    expect([map.xLabel, map.yLabel, map.values.shape]).toEqual(["y", "x", [5, 3]]);
    // 2 (1 - x) y at x = 2, y = 1.
    expect(map.values.data[14]).toBeCloseTo(-2, 12);
  });

  test("of residuals: on a grid where they hold everywhere, at points of a face, by component", async () => {
    const { solution } = solved;
    const everywhere = await residualMap(solution, "equation", { points: 11 });
    expect(everywhere.values.shape).toEqual([6, 11]);
    expect(everywhere.values.data[0]).toBeCloseTo(0, 12); // -2 y at y = 0
    expect(everywhere.values.data[10 + 5 * 11]).toBeCloseTo(-2, 12);
    expect(everywhere.colors).toBe("diverging");
    const top = await residualMap(solution, "top");
    expect(top.values.shape).toEqual([8]);
    expect([...top.y]).toEqual(new Array(8).fill(1));
    for (const [i, x] of top.x.entries()) expect(top.values.data[i]).toBeCloseTo(x * (2 - x), 12);
    expect((await residualMap(solution, "vector.y", { points: 5 })).title).toBe("Residual of vector.y");
    await expect(residualMap(solution, "density")).rejects.toThrow('"density" is an energy');
    await expect(residualMap(solution, "vector")).rejects.toThrow(
      'there is no term "vector"; there are "equation", "vector.x"',
    );
  });

  test("of errors are found minus known", async () => {
    const map = await errorMap(solved.solution, "u", ({ x, y }) => x! * (2 - x!) * y! - 3, { points: 5 });
    const known = map.values.data.filter((value) => !Number.isNaN(value));
    for (const value of known) expect(value).toBeCloseTo(3, 12);
  });

  test("refuse what there is not", async () => {
    const { solution } = solved;
    await expect(fieldMap(solution, "w")).rejects.toThrow('there is no "w"');
    await expect(fieldMap(solution, "v")).rejects.toThrow(
      'fieldMap: "v" is a record of "v.x", "v.y"; give one of them.',
    );
    await expect(fieldMap(solution, "u", { at: { y: 1 } })).rejects.toThrow(
      'fieldMap: received "y" among the coordinates to fix, which are none.',
    );
  });
});

test("slices have gaps where the domain is not, and the exact curve beside them", async () => {
  const { x, series, ...curves } = await slices(solved.solution, "u", {
    at: { y: [0.5, 1] },
    points: 41,
    exact: ({ x, y }) => x! * (2 - x!) * y!,
  });
  expect(series.map(({ label }) => label)).toEqual(["y = 0.5", "y = 0.5, exact", "y = 1", "y = 1, exact"]);
  for (const [i, at] of x.entries()) {
    if (hole([at, 0.5])) expect(series[0]!.values[i]).toBeNaN();
    else expect(series[0]!.values[i]).toBeCloseTo(at * (2 - at) * 0.5, 12);
  }
  expect(curves.title).toBe("u along x");
  await expect(slices(solved.solution, "u", { along: "x", at: { x: [1] } })).rejects.toThrow('received values of "x"');
});

test("tables and curves say what the report does", async () => {
  const { report } = solved;
  expect(termTable(report).rows.map(([name]) => name)).toEqual(["equation", "vector.x", "vector.y", "top", "density"]);
  expect(termTable(report).rows[0]!.slice(3)).toEqual([
    report.terms[0]!.training,
    report.terms[0]!.fresh,
    report.terms[0]!.scale,
  ]);
  expect(stageTable(report).rows).toHaveLength(1);
  const curves = historyCurves(report);
  expect(curves.map(({ title }) => title)).toEqual(
    ["equation", "vector.x", "vector.y", "top"].map((name) => `Residual of ${name} over the steps`),
  );
  expect(curves[1]!.x).toEqual([0, 100, 200, 250]);
  expect(curves[1]!.series.map(({ label }) => label)).toEqual(["trained", "fresh"]);
  expect(curves[1]!.series[0]!.values.at(-1)).toBe(report.terms[1]!.training);
  const known = await errors(solved.solution, { grid: { x: 5, y: 5 }, exact: { u: () => 1 } });
  expect(errorTable(known).rows[0]!.slice(0, 2)).toEqual(["u", known.rows[0]!.relativeL2]);
  expect(identifiedTable({ nu: { value: 2, start: 1 } }, { nu: "m²/s" }).rows).toEqual([["nu (m²/s)", 2, 1]]);
});

test("a history goes on where a run was interrupted", async () => {
  const line = interval({ x: [0, 1] });
  const identity = problem({
    domain: line,
    fields: { u: mlp({ units: [4] }) },
    unknowns: { slope: unknown({ start: 1 }) },
    terms: {
      equation: residual(line.interior(20), ({ u, slope, d }) => sub(d(u, "x"), slope)),
      ends: dirichlet(line.faces("x"), { u: ({ x }) => x }),
    },
  });
  const stages = [
    { method: adam(), iterations: 150 },
    { method: selfScaledBroyden(), iterations: 120 },
  ];
  const whole = await solve(identity, { backend, stages });
  expect(whole.report.history.map(({ step }) => step)).toEqual([0, 100, 250, 270]);
  expect(Object.keys(whole.report.history[0]!.fresh)).toEqual(["equation"]);
  const end = new AbortController();
  const part = await solve(identity, {
    backend,
    stages,
    signal: end.signal,
    onProgress: ({ stage, iteration }) => void (stage === 1 && iteration === 60 && end.abort()),
  });
  const rest = await solve(identity, { backend, stages, resume: part.state });
  expect(rest.report.history).toEqual(whole.report.history);
});

test("progress gives the solution as it is there", async () => {
  let seen: number | undefined;
  const stages = [{ method: adam(), iterations: 5 }];
  const whole = await solve(bowl, {
    backend,
    stages,
    onProgress: async ({ iteration }, _, solution) => {
      if (iteration === 5) seen = (await (await solution()).at([[1, 0.1]], ["v.x"]))["v.x"]![0]!;
    },
  });
  expect(seen).toBe((await whole.solution.at([[1, 0.1]], ["v.x"]))["v.x"]![0]!);
});

describe("a page", () => {
  const library = { script: "", license: "" };
  test("of a plate shows terms, quantities, residuals and their history", async () => {
    const known = await errors(solved.solution, { grid: { x: 5, y: 5 }, exact: { u: () => 1 } });
    const page = await resultsPage(solved, { title: "Bowl", points: 11, errors: known, units: { v: "m/s" } });
    expect(page.figures.map(({ title }) => title)).toEqual([
      "Terms",
      "Errors",
      ...["u", "v.x", "v.y", "slope.x", "slope.y"],
      ...["equation", "vector.x", "vector.y"].map((name) => `Residual of ${name}`),
      ...["equation", "vector.x", "vector.y", "top"].map((name) => `Residual of ${name} over the steps`),
      "Stages",
    ]);
    expect(page.warnings).toEqual(solved.report.warnings);
    const text = await renderReport(page, library);
    expect(text).toContain("v.x (m/s)");
  });

  test("of what was solved in windows of time has slices at times", async () => {
    const line = interval({ t: [0, 2] });
    const decay = problem({
      domain: line,
      fields: { u: mlp({ units: [4] }) },
      terms: {
        equation: residual(line.interior(20), ({ u, d }) => add(d(u, "t"), u)),
        start: dirichlet(line.face("t", "low"), { u: 1 }),
      },
    });
    const marched = await march(decay, { windows: 2 }, { backend, stages: [{ method: adam(), iterations: 20 }] });
    const page = await resultsPage(marched, { title: "Decay" });
    expect(page.figures.map(({ title }) => title)).toEqual([
      "Terms",
      "u along t",
      "Residual of equation over the steps",
      "Residual of start over the steps",
      "Stages",
    ]);
    expect(marched.report.history.map(({ step }) => step)).toEqual([0, 20, 20, 40]);
    expect(await renderReport(page, library)).toContain("window 2: adam");
  });

  test("of space and time has maps of both", async () => {
    const bar = box({ x: [0, 1], y: [0, 1], z: [0, 3], t: [0, 2] });
    const still = problem({
      domain: bar,
      fields: { T: mlp({ units: [3] }) },
      terms: { equation: residual(bar.interior(20), ({ T, d }) => d(T, "t")) },
    });
    const one = await solve(still, { backend, stages: [{ method: adam(), iterations: 2 }] });
    const { figures } = await resultsPage(one, { title: "Still", points: 5 });
    expect(figures.slice(1, 4).map(({ title }) => title)).toEqual([
      "T at z = 1.5, t = 2",
      "T along x at y = 0.5, z = 1.5",
      "Residual of equation at z = 1.5, t = 2",
    ]);
  });
});
