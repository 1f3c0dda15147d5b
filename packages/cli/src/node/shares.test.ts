// Shares of rows: of classes one record each, of many inputs none.
import { logistic, nearestNeighbours, ridge } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { expect, test } from "vitest";
import { sharesOf } from "./shares.ts";

const rows = Array.from({ length: 30 }, (_, i) => i);
const options = { seed: 0, signal: new AbortController().signal, onProgress: () => undefined };
const draw = (i: number, k: number) => Math.abs(Math.sin(12.9898 * i + 78.233 * k) * 43758.5453) % 1;

test("of three classes each has its shares, of two the second", async () => {
  const a = rows.map((i) => draw(i, 1));
  const of = (classes: readonly string[]) =>
    tableOf({ a, b: rows.map((i) => draw(i, 2)), kind: a.map((x) => classes[Math.floor(x * classes.length)]!) });
  const three = of(["brittle", "ductile", "tough"]);
  const records = await sharesOf(await nearestNeighbours().fit(three, "kind"), three, options);
  expect(records.length).toBe(90);
  expect(new Set(records.map((record) => record.of))).toEqual(
    new Set(["probability of brittle", "probability of ductile", "probability of tough"]),
  );
  for (const { prediction, base, "share of a": first, "share of b": second } of records) {
    expect(Number(base) + Number(first) + Number(second)).toBeCloseTo(Number(prediction), 10);
  }
  const two = of(["brittle", "ductile"]);
  const [record] = await sharesOf(await logistic().fit(two, "kind"), two, options);
  expect(record).toMatchObject({ of: "probability of ductile" });
});

test("more inputs than a table has are refused", async () => {
  const steps = Object.fromEntries(Array.from({ length: 101 }, (_, k) => [`load ${k}`, rows.map((i) => draw(i, k))]));
  const table = tableOf({ ...steps, life: rows });
  const fitted = await ridge().fit(table, "life");
  await expect(sharesOf(fitted, table, options)).rejects.toThrow(
    "hooke: the model has 101 inputs; shares are computed of up to 100: leave out --shares",
  );
});
