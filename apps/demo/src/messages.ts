// What the page and its worker say to each other.
import type { BackendStatus } from "@hooke/runtime";
import type { Settings } from "./settings.ts";

/** Per epoch, oldest first. */
export interface Curves {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

export type Points = readonly (readonly number[])[];

export type Request =
  | { readonly type: "open"; readonly settings: Settings }
  | { readonly type: "start"; readonly settings: Settings }
  | { readonly type: "pause" }
  | { readonly type: "reset" }
  | { readonly type: "activation"; readonly settings: Settings };

export type Reply =
  | { readonly type: "backends"; readonly list: readonly BackendStatus[] }
  /** x, value, first and second derivative. */
  | { readonly type: "activation"; readonly columns: Points }
  | {
      readonly type: "progress";
      readonly state: "idle" | "running" | "paused" | "finished";
      readonly step: number;
      readonly stepsPerSecond: number;
      readonly curves: Curves;
      /** Targets and predictions of the validation rows. */
      readonly parity: Points;
      /** SHA-256 of the last checkpoint, in hexadecimal: equal for equal bits. */
      readonly digest: string;
    }
  | { readonly type: "error"; readonly message: string };
