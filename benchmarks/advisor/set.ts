// What advice is judged on.
import type { Table } from "@hooke/data";

/** A table and what is asked of it. */
export interface AdvisorSet {
  readonly name: string;
  readonly table: Table;
  readonly target: string;
  readonly classes?: boolean;
  /** The column of what is held back whole where the split is by group; by row it is no input. */
  readonly groups?: string;
}
