// Where the numbers at a set of points come from: the fields' derivatives, coordinates, unknowns.
import type { Tensor } from "@hooke/runtime";
import { keyOf, type MultiIndex } from "./multi-index.ts";

/** What a view of a problem reads. */
export interface Source {
  readonly count: number;
  /** `[n]`. */
  coordinate(axis: number): Tensor;
  /** A derivative of a field, or its value: `[n]` for each component, one for a scalar. */
  field(name: string, index: MultiIndex): readonly Tensor[];
  /** `[]`. */
  unknown(name: string): Tensor;
  /** Names of the columns that the points have. */
  readonly columnNames: readonly string[];
  /** `[n]`. */
  column(name: string): Tensor;
}

/** Which derivatives of which fields are asked for. */
export class Requests {
  private readonly byField = new Map<string, Map<string, MultiIndex>>();

  add(field: string, index: MultiIndex): void {
    let known = this.byField.get(field);
    if (known === undefined) {
      known = new Map();
      this.byField.set(field, known);
    }
    known.set(keyOf(index), index);
  }

  /** Each field with its derivatives. */
  entries(): (readonly [field: string, indices: readonly MultiIndex[]])[] {
    return [...this.byField].map(([field, indices]) => [field, [...indices.values()]]);
  }
}

/** A source that reads another one and notes what is asked of the fields, and which coordinates are read. */
export function noting(source: Source, requests: Requests, axes?: Set<number>): Source {
  return {
    ...source,
    coordinate: (axis) => {
      axes?.add(axis);
      return source.coordinate(axis);
    },
    field: (name, index) => {
      requests.add(name, index);
      return source.field(name, index);
    },
  };
}
