// What the page and its worker say to each other.
import type { BackendStatus, Choice } from "@hooke/runtime";
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
  /** The backend of these settings, and why it is this one. */
  | { readonly type: "choice"; readonly choice: Choice }
  /** x, value, first and second derivative. */
  | { readonly type: "activation"; readonly columns: Points }
  | {
      readonly type: "progress";
      readonly state: "idle" | "running" | "paused" | "finished";
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
