// A node with launches of its own over dense operands.
import type { NodeOf, PrimitiveName } from "@hooke/runtime";
import type { Pointer } from "./pointer.ts";
import type { Printer } from "./printer.ts";

export interface Routine<K extends PrimitiveName> {
  readonly printer: Printer;
  readonly node: NodeOf<K>;
  readonly operands: readonly Pointer[];
  readonly output: Pointer;
  readonly label: string;
}
