// What rules say of classes.
import { expect, it } from "vitest";
import { forClasses, ruleFor } from "./rules.ts";

it("recommends for classes what can tell them apart, once, and no cost that was measured on numbers", () => {
  expect(forClasses(ruleFor("table", 100, true)).recommends).toEqual(["logistic", "forest"]);
  expect(forClasses(ruleFor("table", 300, false))).toMatchObject({ recommends: ["logistic"] });
  expect(forClasses(ruleFor("table", 2000, false))).not.toHaveProperty("measured");
});
