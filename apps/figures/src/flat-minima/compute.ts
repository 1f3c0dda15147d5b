// One training by batches of a chosen size: how sharp the place is that it comes to, and the loss across its steepest direction.
import { wasmBackend } from "@hooke/backend-wasm";
import { minimum, networkOf, rowsOf, surroundings } from "@hooke/example-flat-minima/minima.ts";
import type { Computing } from "../computing.ts";

export interface Training {
  /** Rows of an update, of 100. */
  readonly batch: "4" | "10" | "25" | "100";
  readonly rate: number;
  readonly seed: number;
}

export interface Found {
  /** Updates made at each look, and the largest eigenvalue of the Hessian there. */
  readonly updates: readonly number[];
  readonly sharpness: readonly number[];
  /** Mean squared errors at each of `steps` along the steepest direction, from where it is now: on rows known, and on new ones. */
  readonly known: readonly number[];
  readonly unseen: readonly number[];
}

/** Places along the steepest direction. */
export const steps: readonly number[] = Array.from({ length: 41 }, (_, i) => (i - 20) / 20);

const common = { trainRows: 100, testRows: 500, noise: 0.5, width: 32, updates: 9000 };

export async function compute(training: Training, { signal, show }: Computing<Found>): Promise<Found> {
  const backend = wasmBackend();
  const setting = { ...common, ...training, batch: Number(training.batch) };
  const rows = await rowsOf(backend, setting);
  const { walk } = surroundings(backend, networkOf(setting.width));
  let found: Found = { updates: [], sharpness: [], known: [], unseen: [] };
  for await (const { updates, sharpness, params } of minimum(backend, setting, { looks: 15, signal })) {
    found = {
      updates: [...found.updates, updates],
      sharpness: [...found.sharpness, sharpness.eigenvalue],
      known: await walk(params, sharpness.along, steps, rows.train),
      unseen: await walk(params, sharpness.along, steps, rows.test),
    };
    show(found);
  }
  return found;
}
