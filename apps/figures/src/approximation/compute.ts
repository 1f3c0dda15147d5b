// A network of a chosen width and depth, fitted to a curve while one looks.
import { wasmBackend } from "@hooke/backend-wasm";
import {
  approximate,
  type Look,
  parametersOf,
  places,
  type Shape,
  targets,
} from "@hooke/example-approximation/approximate.ts";
import type { Computing } from "../computing.ts";

export { places, targets };

export interface Found extends Look {
  readonly parameters: number;
}

export interface Settings extends Shape {
  readonly seed: number;
}

export async function compute({ seed, ...shape }: Settings, { signal, show }: Computing<Found>): Promise<Found> {
  const parameters = parametersOf(shape);
  let last: Found = { step: 0, error: Number.NaN, values: [], parameters };
  for await (const look of approximate(wasmBackend(), shape, { steps: 2000, looks: 20, seed, signal })) {
    last = { ...look, parameters };
    show(last);
  }
  return last;
}
