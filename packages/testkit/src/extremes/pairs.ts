// Functions of the runtime of two numbers: operands that are far apart in size, subnormal ones among them.
import { atan2, div, maximum, mod, mul, norm, pow, rem, stack } from "@hooke/runtime";
import type { FunctionOfPairs } from "./functions.ts";

export const ofPairs: readonly FunctionOfPairs[] = [
  ...Object.entries({ mul, div, rem, mod, pow, atan2, maximum }).map(([name, fn]) => ({ name, fn })),
  { name: "norm", fn: (a, b) => norm(stack([a, b], 1), { axes: 1 }) },
];
