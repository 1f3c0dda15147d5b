// What the workbench and a page's worker say to each other.

/** How a run that does not compute now came to stand: it can go on, it is complete, or its numbers went bad. */
export type Outcome = "paused" | "finished" | "failed";

/** How far a run is, and what its page shows of it. */
export interface Standing<Shown = unknown> {
  readonly done: number;
  /** What `done` will be when it is complete. */
  readonly total: number;
  /** Plain data: it is posted, and kept. */
  readonly shown: Shown;
}

/** A run that is kept: a visitor can come back to it. */
export interface Kept<Shown = unknown> extends Standing<Shown> {
  /** Page and settings, as in the address. */
  readonly address: string;
  readonly page: string;
  /** Its settings in words. */
  readonly title: string;
  readonly outcome: Outcome;
  /** Why it failed. */
  readonly why?: string;
  /** When it was kept, in milliseconds since 1970. */
  readonly time: number;
}

export type Request =
  /** `resume`: the visitor has been told that a kept run goes on. */
  | {
      readonly type: "run";
      readonly address: string;
      readonly page: string;
      readonly title: string;
      readonly settings: unknown;
      readonly resume: boolean;
    }
  | { readonly type: "pause" }
  | { readonly type: "ask"; readonly id: number; readonly question: string; readonly given: readonly unknown[] };

export type Reply =
  /** `perSecond`: what was done of late. */
  | { readonly type: "standing"; readonly standing: Standing; readonly perSecond: number }
  /** The run as it is kept, if it is. `error`: what ended it, where nothing should have. */
  | { readonly type: "ended"; readonly kept: Kept | undefined; readonly error: string }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "refusal"; readonly id: number; readonly message: string };
