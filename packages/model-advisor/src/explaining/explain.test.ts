// Explanations by kind of method: what is exact, what inputs are worth, words, and the forms they come in.
import { wasmBackend } from "@hooke/backend-wasm";
import { conformal, gaussianProcess, nearestNeighbours, quadraticRidge, randomForest, ridge } from "@hooke/baselines";
import { type Table, tableOf } from "@hooke/data";
import { renderReport } from "@hooke/report";
import { expect, it } from "vitest";
import { advise } from "../advice/advise.ts";
import { explain } from "./explain.ts";

const units = { cement: "kg/m3", age: "d", strength: "MPa" };

/** Strengths that rise with cement and, at first, with age; a supplier that says nothing, a column that says what cement says. */
function concrete(count = 60): Table {
  const cement = Array.from({ length: count }, (_, i) => 200 + ((i * 7) % count) * 5);
  const age = Array.from({ length: count }, (_, i) => 1 + ((i * 11) % 31) * 3);
  const strength = cement.map((c, i) => 5 + 0.1 * c + 20 * Math.min(1, age[i]! / 28) + (((i * 5) % 7) - 3) / 2);
  const supplier = cement.map((_, i) => ["north", "south"][(i >> 1) % 2]!);
  return tableOf({ cement, binder: cement.map((c) => 1.1 * c), age, supplier, strength }, { units });
}

const quick = { repeats: 20 } as const;

it("of a line says slopes with intervals, in the units of the table", async () => {
  const table = concrete();
  const fitted = await conformal({ method: ridge(), folds: 2 }).fit(table, "strength", {
    inputs: ["cement", "age", "supplier"],
  });
  const why = await explain(fitted, table, quick);
  expect(why.method).toBe("ridge");
  const [words] = why.sentences();
  expect(words).toMatch(
    /^strength rises by [45]\.?\d* MPa for each 50 kg\/m3 of cement, others equal \([\d.]+ to [\d.]+ in 95 % of draws\)\.$/,
  );
  expect(why.sentences()).toContainEqual(
    expect.stringMatching(/^Most depends on cement: shuffled, the error of .* MPa/),
  );
  expect(why.sentences()).toContainEqual(expect.stringMatching(/^Worth nothing beyond chance: supplier\.$/));
  // A sum of functions of one input each leaves nothing.
  expect(why.effects.rest[0]).toBeLessThan(1e-9);
  // The curve's slope is the coefficient.
  const [sum] = why.own?.kind === "coefficients" ? why.own.sums : [];
  const cement = why.effects.effects.find(({ input }) => input === "cement")!;
  const at = cement.at as Float64Array;
  const slope = (cement.values.at(-1)! - cement.values[0]!) / (at.at(-1)! - at[0]!);
  expect(slope).toBeCloseTo(sum!.terms.find(({ term }) => term === "cement")!.value, 10);
});

it("of trees says shares, puts inputs that say the same together, and tells where a curve flattens", async () => {
  const table = concrete();
  const why = await explain(await randomForest({ trees: 40 }).fit(table, "strength"), table, quick);
  expect(why.own?.kind).toBe("shares");
  expect(why.importance!.groups.map(({ inputs }) => inputs.join())).toContain("cement,binder");
  expect(why.sentences()).toContainEqual(
    expect.stringMatching(/^As age goes from 1 to 91 d, strength rises by .* MPa, most of it up to \d+ d\.$/),
  );
  const json = JSON.parse(JSON.stringify(why)) as { readonly effects: { readonly effects: { values: number[] }[] } };
  expect(json.effects.effects[0]!.values).toEqual(Array.from(why.effects.effects[0]!.values));
  expect(why.markdown()).toContain("## What inputs are worth");
  const page = await renderReport(why.report(), { script: "", license: "" });
  expect(page).toContain("strength by age");
});

it("of a Gaussian process says length scales, of any other method shares and what can be asked", async () => {
  const table = concrete(40);
  const backend = wasmBackend();
  const inputs = ["cement", "age"];
  const smooth = await gaussianProcess().fit(table, "strength", { backend, inputs });
  const why = await explain(smooth, table, { ...quick, backend });
  expect(why.own).toMatchObject({ kind: "length scales" });
  expect(why.sentences()[0]).toMatch(/^The function changes the quickest along (age|cement)/);
  const near = await nearestNeighbours().fit(table, "strength", { inputs });
  const other = await explain(near, table, quick);
  expect(other.own).toMatchObject({ kind: "shares", by: "Kernel SHAP", rows: 40 });
  const shares = other.own?.kind === "shares" ? other.own.shares : [];
  // Both inputs move strengths by 4 to 5 MPa on average: 0.1 MPa for each kg/m3 of 200 to 395, and 20 MPa until 28 d.
  expect(shares.map(({ input }) => input).sort()).toEqual([...inputs].sort());
  for (const { share } of shares) expect(Math.abs(share - 4.5)).toBeLessThan(2);
  expect(other.sentences()[0]).toMatch(
    /^(age|cement) moves a prediction the most: by .* MPa on average over 40 rows \(Kernel SHAP\)\.$/,
  );
  expect(other.figures().length).toBeGreaterThan(2);
});

it("of other rows leaves out what needs its own: intervals, and without the target what inputs are worth", async () => {
  const table = concrete();
  const fitted = await quadraticRidge().fit(table, "strength", { inputs: ["cement", "age"] });
  const { columns } = table;
  const asked = { ...table, columns: columns.filter(({ name }) => name !== "strength") };
  const why = await explain(fitted, asked, quick);
  expect(why.importance).toBeUndefined();
  expect(why.own?.kind === "coefficients" && "level" in why.own.sums[0]!).toBe(false);
  expect(why.sentences()).toContainEqual(expect.stringMatching(/act together, too|at the mean of the numbers/));
});

it("follows advice: the recommended method, with the groups that were held back", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => i);
  const table = tableOf({
    load: rows.map((i) => (i * 7) % 10),
    specimen: rows.map((i) => `S${Math.floor(i / 6)}`),
    strain: rows.map((i) => 0.2 * ((i * 7) % 10) + 0.02 * Math.floor(i / 6)),
  });
  const advice = await advise(table, { target: "strain", groups: "specimen", budget: { seconds: 0.1 } });
  const heard: string[] = [];
  const why = await advice.explain({ ...quick, onProgress: ({ text }) => void heard.push(text) });
  expect(why.importance!.groups[0]!.inputs).toEqual(["load"]);
  const { figures = [], details = [] } = advice.report(why);
  expect(figures.map(({ title }) => title)).toContain("What inputs are worth");
  expect(details.map(({ title }) => title)).toContain("Why");
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(advice.explain({ signal })).rejects.toThrow("enough");
  await expect(advice.explain({ method: "rigde" })).rejects.toThrow("the candidates are");
  await expect(explain(await ridge().fit(table, "strain"), table, { repeat: 3 } as object)).rejects.toThrow(
    '"repeats"',
  );
});
