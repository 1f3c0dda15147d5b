// What reading a table gives: assumptions that can be overruled, and warnings.

/** What is taken for granted unless the user says otherwise. */
export interface Assumption {
  /** `"rows of one specimen stay together"`. */
  readonly what: string;
  /** `"specimen repeats 4.1 times"`. */
  readonly because: string;
  /** The option of `advise` that overrules it. */
  readonly overrule: string;
}

/** What deserves a look before the numbers are believed. */
export interface Warning {
  readonly kind:
    | "leak"
    | "identifier"
    | "duplicates"
    | "near-duplicates"
    | "drift"
    | "no-signal"
    | "groups"
    | "empty"
    | "classes"
    | "spread";
  /** The columns it is about. */
  readonly columns: readonly string[];
  readonly text: string;
}
