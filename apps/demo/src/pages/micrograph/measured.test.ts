// What was measured of pictures is found by their names, or in them; and what cannot be learned from is refused, with what to do.
import { tableOf } from "@hooke/data";
import { expect, it } from "vitest";
import { leastPictures, pictureSetOf, quantitiesOf, quantitiesOfNames } from "./measured.ts";

const names = ["p/a.png", "b.tif", "c.png"];

it.each([
  ["with their endings", ["b.tif", "c.png", "a.png"]],
  ["without them", ["b", "c", "a"]],
])("takes the column that names the pictures %s, and all numbers beside it", (_, file) => {
  const table = tableOf({
    lab: ["x", "x", "y"],
    file,
    strength: [2, 3, 1],
    count: [5, 5, 5],
    hole: [Number.NaN, 1, 2],
  });
  // What is alike for all, or not known of one, cannot be learned.
  expect(quantitiesOf(table, names)).toEqual([{ name: "strength", unit: "", values: [1, 2, 3] }]);
});

it("takes the last number of each name", () => {
  expect(quantitiesOfNames(["A3-412.5.png", "x/B4_7.tif"])).toEqual([
    { name: "number in the name", unit: "", values: [412.5, 7] },
  ]);
});

it.each([
  ["a name without a number", () => quantitiesOfNames(["a1.png", "b.png"]), /measured of b\.png\. Add a CSV/],
  ["numbers that are alike", () => quantitiesOfNames(["a1.png", "b1.png"]), /not all alike/],
  [
    "a table that names none",
    () => quantitiesOf(tableOf({ file: ["x"], y: [1] }), names),
    /no column names the pictures/,
  ],
  ["a table that lacks one", () => quantitiesOf(tableOf({ file: ["a", "b"], y: [1, 2] }), names), /no row for c\.png/],
])("refuses %s", (_, read, words) => expect(read).toThrow(words));

const files = (count: number) => Array.from({ length: count }, (_, i) => new File([`picture ${i}`], `p-${i}.png`));

it("calls the same files the same set, in whatever order they come", async () => {
  const [one, other] = [await pictureSetOf(files(leastPictures)), await pictureSetOf(files(leastPictures).reverse())];
  expect(one.id).toBe(other.id);
  expect(one.names).toEqual(other.names);
  // By chance, not by name: the fifth that is held out is not the lowest.
  expect(one.names).not.toEqual(files(leastPictures).map(({ name }) => name));
  expect(one.quantities[0]!.values[0]).toBe(Number(/\d+/.exec(one.names[0]!)![0]));
});

it("refuses too few pictures, one that comes twice, and several tables", async () => {
  await expect(pictureSetOf(files(3))).rejects.toThrow(/received 3, and takes 40 to 1000/);
  const twice = [...files(leastPictures), new File(["picture 7"], "copy-7.png")];
  await expect(pictureSetOf(twice)).rejects.toThrow(/are the same picture; leave one out/);
  const tables = [new File(["a,b"], "a.csv"), new File(["a,b"], "b.csv")];
  await expect(pictureSetOf([...files(leastPictures), ...tables])).rejects.toThrow(/2 tables, a\.csv and b\.csv/);
});
