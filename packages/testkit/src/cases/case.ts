// A case: one primitive with parameters and inputs, to be compared with the reference interpreter.
import type { HostArray, PrimitiveName, PrimitiveParams } from "@hooke/runtime";

/** One primitive applied to given arrays. */
export interface PrimitiveCase<K extends PrimitiveName = PrimitiveName> {
  readonly primitive: K;
  readonly params: PrimitiveParams[K];
  readonly inputs: readonly HostArray[];
  /** What is special about it; unique among the cases of its primitive. */
  readonly note: string;
}

/** Cases of one primitive, before the table adds the name. */
export type Cases<K extends PrimitiveName> = readonly Omit<PrimitiveCase<K>, "primitive">[];

/** A total table of cases over part of the closed set. */
export type CaseTable<K extends PrimitiveName = PrimitiveName> = { readonly [P in K]: Cases<P> };
