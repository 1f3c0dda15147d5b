// Work that takes long: how far it is, and how it is stopped.
import { type Check, checks } from "@hooke/runtime";

/** How far a work is. */
export interface ImageProgress {
  readonly done: number;
  readonly total: number;
}

/** Options of everything that reads many images. */
export interface WorkOptions {
  /** Called after each. */
  readonly onProgress?: (progress: ImageProgress) => void;
  /** Stops the work; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The checks of these options. */
export const progressChecks: { readonly onProgress: Check; readonly signal: Check } = {
  onProgress: (value) => (typeof value === "function" ? undefined : "a function that is told how far the work is"),
  signal: checks.signal,
};
