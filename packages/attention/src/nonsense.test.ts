// What is no tensor is refused by name.
import { expect, it } from "vitest";
import { paddingMask } from "./mask.ts";
import { rotary } from "./positions/rotary.ts";
import { scaledDotProduct } from "./scaled-dot-product.ts";

it.each([
  [
    "scaledDotProduct: received [[1]] as the query; expected a tensor",
    () => scaledDotProduct([[1]] as never, 1 as never, 1 as never),
  ],
  ["paddingMask: received [1,2] as the lengths; expected a tensor", () => paddingMask([1, 2] as never, 3, 3)],
  ["rotary: received undefined as the vectors; expected a tensor", () => rotary(undefined as never)],
])("%s", (message, call) => {
  expect(call).toThrow(message);
});
