// What the worker of a job and those that measure its folds say to each other.
import type { Failed, FoldWork, Measured } from "@hooke/model-advisor";
import type { Settings } from "./settings.ts";

export type FoldRequest =
  | { readonly type: "open"; readonly settings: Settings }
  | { readonly type: "measure"; readonly work: FoldWork };

export type FoldReply =
  | { readonly type: "measured"; readonly result: Measured | Failed }
  | { readonly type: "error"; readonly message: string };
