// Prices as they are read.
import { expect, test } from "vitest";
import { priceInWords, priceText } from "./price.ts";

test.each([
  [0.123, "+12 %", "12 % more error"],
  [8.9, "+890 %", "890 % more error"],
  [19.4, "20 times", "20 times the error"],
  [94_212_508, "94000000 times", "94000000 times the error"],
])("%d", (price, cell, words) => {
  expect([priceText(price), priceInWords(price)]).toEqual([cell, words]);
});
