// Where the numbers at a set of points come from: the fields' derivatives, coordinates, unknowns.
import type { Tensor } from "@hooke/runtime";
import { keyOf, type Operator } from "./operator.ts";

/** What a view of a problem reads. */
export interface Source {
  readonly count: number;
  /** `[n]`. */
  coordinate(axis: number): Tensor;
  /** Derivatives of a field, summed, or its value: `[n]` for each component, one for a scalar. */
  field(name: string, operator: Operator): readonly Tensor[];
  /** `[]`. */
  unknown(name: string): Tensor;
  /** Names of the columns that the points have. */
  readonly columnNames: readonly string[];
  /** `[n]`. */
  column(name: string): Tensor;
}

/** Which derivatives of which fields are asked for. */
export class Requests {
  private readonly byField = new Map<string, Map<string, Operator>>();

  add(field: string, operator: Operator): void {
    let known = this.byField.get(field);
    if (known === undefined) {
      known = new Map();
      this.byField.set(field, known);
    }
    known.set(keyOf(operator), operator);
  }

  /** Each field with its derivatives. */
  entries(): (readonly [field: string, operators: readonly Operator[]])[] {
    return [...this.byField].map(([field, operators]) => [field, [...operators.values()]]);
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
    field: (name, operator) => {
      requests.add(name, operator);
      return source.field(name, operator);
    },
  };
}
