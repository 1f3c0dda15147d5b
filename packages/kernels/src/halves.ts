// How the element of a view is read: from its word, or from the half of a word that it is packed in.
import type { View } from "@hooke/plan";
import type { Printer } from "./printer.ts";
import type { Text } from "./text.ts";

/** Where a view begins: a pointer, or, of what is packed, the number of the element among all halves. */
export const startOf = (text: Text, printer: Printer, view: View): string =>
  view.packed ? `${view.offset}u` : text.pointer(printer.view(view));

/** The word of a float that is packed as a number of the halves from a pointer on. */
const wordOf = (text: Text, pointer: string, number: string): string =>
  `unpackedHalf(${text.word(`${pointer} + (${number} >> 1u)`)}, ${number})`;

/** An element as a word. @param at its place, counted as the view's beginning is */
export function wordAt(text: Text, printer: Printer, view: View, at: string): string {
  return view.packed ? wordOf(text, text.pointer(printer.view(view)), text.define(at, "e")) : text.word(at);
}

/** Four elements side by side as a vector of words. @param at the place of the first, a multiple of four */
export function vectorAt(text: Text, printer: Printer, view: View, at: string): string {
  if (!view.packed) return text.vector(at);
  const word = text.define(`${text.pointer(printer.view(view))} + ((${at}) >> 1u)`, "e");
  const words = text.define(text.vector(word), "w");
  const [first, second] = [0, 1].map((i) =>
    text.define(`select(${words}[${i}], ${words}[${i + 2}], (${word} & 2u) != 0u)`),
  );
  return `vec4<u32>(unpackedHalf(${first}, 0u), unpackedHalf(${first}, 1u), unpackedHalf(${second}, 0u), unpackedHalf(${second}, 1u))`;
}
