// Every table of functions whose derivatives are compared with differences. A new table has its entry here.
import type { DerivativeCases } from "./case.ts";
import { ofOne, ofTwo } from "./elementwise.ts";
import { factorizations } from "./factorization.ts";
import { loops } from "./scan.ts";
import { convolutions, ofArrays, poolings, products } from "./structure.ts";

export const derivativeCases: Readonly<Record<string, DerivativeCases>> = {
  "one operand": ofOne,
  "two operands": ofTwo,
  arrays: ofArrays,
  products,
  factorizations,
  convolution: convolutions,
  pooling: poolings,
  loops,
};
