import { describe, it } from "vitest";
import { checkDerivatives } from "../finite-differences.ts";
import { derivativeCases } from "./index.ts";

describe.each(Object.entries(derivativeCases))("derivatives by differences: %s", (_, cases) => {
  it.each(Object.entries(cases))("%s", (_, [fn, inputs, order = 3]) => checkDerivatives(fn, inputs, { order }));
});
