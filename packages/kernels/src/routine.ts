// A node with launches of its own over dense operands.
import type { NodeOf, PrimitiveName } from "@hooke/runtime";
import type { Ending } from "./ending.ts";
import type { Pointer } from "./pointer.ts";
import type { Printer } from "./printer.ts";

export interface Routine<K extends PrimitiveName> {
  readonly printer: Printer;
  readonly node: NodeOf<K>;
  readonly operands: readonly Pointer[];
  readonly output: Pointer;
  readonly label: string;
}

/** A product, which does not only write its result: what it makes is ended. */
export interface Product<K extends PrimitiveName> extends Omit<Routine<K>, "output"> {
  readonly ending: Ending;
}
