// Independent points.
import { type Sampler, unitNumbers } from "./sampler.ts";

/** Points drawn independently of each other. */
export function uniform(): Sampler {
  return { name: "uniform", draw: (key, count, dimensions) => unitNumbers(key, count * dimensions) };
}
