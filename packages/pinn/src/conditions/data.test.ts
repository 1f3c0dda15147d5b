import { referenceBackend } from "@hooke/runtime";
import { expect, test } from "vitest";
import { Evaluator } from "../evaluator.ts";
import { box, data, dirichlet, mlp, problem } from "../index.ts";
import { windowProblem } from "../marching/window-problem.ts";
import { networksOf, startParameters } from "../model.ts";
import { drawAll } from "../resampling/refresh.ts";

const plate = box({ x: [0, 1], y: [0, 2] });
const places = { x: [0, 0.5, 1, 0.25, 0.75], y: [0, 1, 2, 0.5, 1.5] };
const values = { u: { x: [1, 2, 3, 4, 5], y: [10, 20, 30, 40, 50] } };

test("it says the field minus what was measured, at the points that are fitted and at those that are held out", async () => {
  const measured = data(plate, places, values, { sd: 0.1, holdOut: 0.4 });
  expect([measured.data!.sd, measured.points.count, measured.data!.heldOut!.points.count]).toEqual([0.1, 3, 2]);
  const backend = referenceBackend();
  const seen: number[] = [];
  for (const term of [measured, measured.data!.heldOut!]) {
    const own = problem({
      domain: plate,
      fields: { u: mlp({ units: [2], components: ["x", "y"] }) },
      exact: { u: ({ x, free }) => ({ x, y: free.y }) },
      terms: { measured: term },
    });
    const networks = networksOf(own);
    const sets = drawAll(own, { shape: [2], dtype: "u32", data: new Uint32Array(2) });
    const parameters = await startParameters(backend, own, networks, 0);
    const said = await new Evaluator(backend, own, networks).residuals(parameters, { u: 0 }, sets);
    const { rows, columns } = sets.get(term.points)!;
    expect(said["measured.u.x"]).toEqual(columns["u.x"]!.map((value, i) => rows[2 * i]! - value));
    expect(said["measured.u.y"]).toEqual(columns["u.y"]!.map((value) => -value));
    // Rows and values of a point stay together.
    for (const [i, value] of columns["u.x"]!.entries()) expect(rows[2 * i]).toBe(places.x[value - 1]);
    seen.push(...columns["u.x"]!);
  }
  expect(seen.sort()).toEqual([1, 2, 3, 4, 5]);
});

test("rows and lists of coordinates are the same points, and all are fitted by default", () => {
  const rows = places.x.map((x, i) => [x, places.y[i]!]);
  const key = { shape: [2], dtype: "u32", data: new Uint32Array(2) } as const;
  const [a, b] = [data(plate, rows, values), data(plate, places, values)].map(({ points }) => points.draw(key));
  expect(a).toEqual(b);
  expect(data(plate, rows, values).data).toEqual({});
});

test.each<[string, () => unknown, RegExp]>([
  ["no domain", () => data({} as never, places, values), /data: received .* as the domain; expected a domain/],
  ["a point outside", () => data(plate, [[0, 3]], { u: [1] }), /the point 0, x = 0, y = 3, which lies outside/],
  ["a point that is none", () => data(plate, [[0, Number.NaN]], { u: [1] }), /the point 0, x = 0, y = NaN/],
  ["a row too short", () => data(plate, [[0]], { u: [1] }), /data: received a row of 1 numbers/],
  ["too few values", () => data(plate, places, { u: [1, 2] }), /received 2 values of "u" for 5 points; give as many/],
  ["no number", () => data(plate, [[0, 0]], { u: [Number.NaN] }), /received NaN for "u" at the point 0; leave it out/],
  ["a function", () => data(plate, [[0, 0]], { u: () => 0 } as never), /no list of numbers for "u"/],
  ["no components", () => data(plate, [[0, 0]], { u: {} }), /no list of numbers for "u"/],
  ["no values", () => data(plate, [[0, 0]], {}), /expected a record of measured values by field/],
  ["no noise", () => data(plate, places, values, { sd: 0 }), /sd/],
  ["all held out", () => data(plate, places, values, { holdOut: 1 }), /a share from 0 to below 1/],
  [
    "too few to hold out",
    () => data(plate, [[0, 0]], { u: [1] }, { holdOut: 0.2 }),
    /at least one is fitted and one held out/,
  ],
])("refuses %s", (_, make, message) => {
  expect(make).toThrow(message);
});

test("what is measured is what the problem has", () => {
  const fields = { u: mlp({ units: [2] }) };
  expect(() =>
    problem({ domain: plate, fields, terms: { measured: data(plate, places, { v: [1, 2, 3, 4, 5] }) } }),
  ).toThrow(/term "measured": .*there is no "v"/);
  expect(() => problem({ domain: plate, fields, terms: { measured: data(plate, places, values) } })).toThrow(
    /components of "u", which is a scalar/,
  );
  const wall = dirichlet(plate.face("x", "low", 5), { u: 0 });
  expect(wall.data).toBeUndefined();
});

test("a window of time has what was measured in it, and what is held out of that", () => {
  const domain = box({ t: [0, 4] });
  const times = [0.5, 1, 1.5, 2.5, 3, 3.5];
  const whole = problem({
    domain,
    fields: { u: mlp({ units: [2] }) },
    terms: { measured: data(domain, { t: times }, { u: times }, { sd: 0.1, holdOut: 0.5 }) },
  });
  const key = { shape: [2], dtype: "u32", data: new Uint32Array(2) } as const;
  const found = [0, 2].flatMap((low) => {
    const window = { coordinate: "t", axis: 0, range: [low, low + 2], whole: [0, 4] } as const;
    const { measured } = windowProblem(whole, window, undefined).terms;
    expect(measured!.data!.sd).toBe(0.1);
    const all = [measured!.points, measured!.data!.heldOut!.points].flatMap((points) => [...points.draw(key).rows]);
    for (const time of all) expect(time >= low && time < low + 2).toBe(true);
    return all;
  });
  expect(found.sort()).toEqual(times);
});
