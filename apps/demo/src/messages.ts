// What the page and its worker say to each other.
import type { ActivationName } from "@hooke/core";
import type { BackendStatus, Choice } from "@hooke/runtime";
import type { Settings } from "./settings.ts";

/** Per epoch, oldest first. */
export interface Curves {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

export type Points = readonly (readonly number[])[];

/** How a training that does not run stands. */
export type Outcome = "paused" | "finished" | "diverged";

/** A training that a visitor can come back to. */
export interface Kept {
  readonly settings: Settings;
  readonly outcome: Outcome;
  /** Epochs that it has completed. */
  readonly epoch: number;
  /** When it was saved, in milliseconds since 1970. */
  readonly time: number;
}

/** The training of some settings. What is reported of it carries the id, so that the page knows what is out of date. */
export interface Subject {
  readonly settings: Settings;
  readonly id: number;
}

export type Request =
  | ({ readonly type: "open" } & Subject)
  /** `resume`: the visitor has been told that a kept training goes on. */
  | ({ readonly type: "start"; readonly resume: boolean } & Subject)
  | { readonly type: "pause" }
  | ({ readonly type: "reset" } & Subject)
  | { readonly type: "activation"; readonly name: ActivationName };

export type Reply =
  | { readonly type: "backends"; readonly list: readonly BackendStatus[] }
  /** The backend of these settings, and why it is this one. */
  | { readonly type: "choice"; readonly choice: Choice }
  /** x, value, first and second derivative. */
  | { readonly type: "activation"; readonly columns: Points }
  /** Every training that is kept, the latest first. */
  | { readonly type: "kept"; readonly list: readonly Kept[] }
  | {
      readonly type: "progress";
      readonly id: number;
      readonly state: "idle" | "running" | Outcome;
      readonly step: number;
      /** Over the last moments; 0 while nothing runs. */
      readonly stepsPerSecond: number;
      /** Steps of the whole training. */
      readonly steps: number;
      readonly curves: Curves;
      /** Targets and predictions of the validation rows. */
      readonly parity: Points;
      /** SHA-256 of the last checkpoint, in hexadecimal: equal for equal bits. */
      readonly digest: string;
    }
  | { readonly type: "error"; readonly message: string };
