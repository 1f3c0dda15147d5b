// What a problem states: what is sought, where, and what must hold.
import type { Term } from "./conditions/term.ts";
import type { At, Quantity } from "./derivatives/at.ts";
import type { Domain } from "./domains/domain.ts";
import type { Wall } from "./domains/walls.ts";
import type { Field } from "./fields/field.ts";
import type { Unknown } from "./fields/unknown.ts";

/** A quantity that is a function of others. `d` takes it as it takes fields. */
export type Derived = (at: At) => Quantity;

/** What an exact transform sees: coordinates and unknowns, `[n]` and `[]`, and what the network of its field says. */
export interface Free {
  /** `[n]`, or a record of components. */
  // biome-ignore lint/suspicious/noExplicitAny: a scalar or a record, as the field is.
  readonly free: any;
  // biome-ignore lint/suspicious/noExplicitAny: the names are those of the problem, which is checked when it is recorded.
  readonly [name: string]: any;
}

/** A transform of what a network says into a field that fulfils conditions exactly. */
export interface Exact {
  (at: Free): Quantity;
  /** Where it leaves nothing to the network: functions that are zero there, and positive inside of the domain, which is checked. Default unknown. */
  readonly walls?: readonly Wall[];
}

/** Options of {@link problem}. */
export interface ProblemOptions {
  readonly domain: Domain;
  /** What is sought, by name. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Functions of fields, unknowns and coordinates with names: stress, flux. Default none. */
  readonly derived?: Readonly<Record<string, Derived>>;
  /** Numbers to identify, by name. Default none. */
  readonly unknowns?: Readonly<Record<string, Unknown>>;
  /**
   * What makes conditions exact, by field: `{ u: ({ x, free }) => mul(mul(x, sub(1, x)), free) }` is zero at 0 and 1 whatever the network
   * says. Terms for these conditions are then superfluous. Default none.
   */
  readonly exact?: Readonly<Record<string, Exact>>;
  /** What must hold, by name. */
  readonly terms: Readonly<Record<string, Term>>;
}
