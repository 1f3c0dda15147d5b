// Independent points.
import { nothingMore } from "@hooke/runtime";
import { type Sampler, unitNumbers } from "./sampler.ts";

/** Points drawn independently of each other. */
export function uniform(...more: []): Sampler {
  nothingMore("uniform", more);
  return { name: "uniform", draw: (key, count, dimensions) => unitNumbers(key, count * dimensions) };
}
