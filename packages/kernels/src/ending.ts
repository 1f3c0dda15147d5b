// What is done with what a product has made, at its place among the elements of the result: it is written as it is, or goes through an epilogue.
import type { Elementwise, Plan, RoutineKernel } from "@hooke/plan";
import { Elements } from "./elements.ts";
import { indices } from "./nest.ts";
import { isAligned, type Pointer } from "./pointer.ts";
import type { Printer } from "./printer.ts";
import type { Text } from "./text.ts";

export interface Ending {
  /** Whether four elements side by side, from a multiple of four on, may be ended together, as vectors. */
  readonly isInFours: boolean;
  /** Whether it is more than to write what is given. */
  readonly isLong: boolean;
  /** Adds code that ends an element. @param index among those of the result @param value f32, or a vector of four */
  one(text: Text, index: string, value: string): void;
  four(text: Text, index: string, value: string): void;
}

/** Written as it is. */
export const written = (to: Pointer): Ending => ({
  isInFours: isAligned(to),
  isLong: false,
  one: (text, index, value) => text.add(`memory[${text.pointer(to)} + ${index}] = bitcast<u32>(${value});`),
  four: (text, index, value) => {
    text.add(`${text.vector(`${text.pointer(to)} + ${index}`)} = bitcast<vec4<u32>>(${value});`);
  },
});

/** The epilogue of a product. */
export function endingOf(printer: Printer, plan: Plan, kernel: RoutineKernel): Ending {
  const result = kernel.node.outputs[0]!;
  const { nodes, stores } = kernel as Elementwise;
  const [only] = stores;
  if (nodes.length === 0 && stores.length === 1 && only!.target.root === result) return written(printer.root(result));
  const elements = new Elements(printer, plan, kernel as Elementwise, result);
  return {
    isInFours: elements.isInFours,
    isLong: true,
    one: (text, index, value) => elements.one(text, indices(text, index, elements.sizes), value),
    four: (text, index, value) => elements.four(text, indices(text, index, elements.sizes), value),
  };
}
