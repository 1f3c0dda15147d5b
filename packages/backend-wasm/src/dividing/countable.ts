// Loops so long that 32 bits do not count them, as those over one number that is repeated.
import type { Nest } from "@hooke/plan";
import type { NestPart } from "../codegen/pointwise.ts";

/** Inner loops count 4 bytes an element in 32 bits; longer ones are cut into parts of this many elements. */
const longestInner = 2 ** 28;

/** A nest in parts whose innermost dimension is short enough: many equal rows, and what is left. Undefined of one that is. */
export function countable({ sizes, strides }: Nest): readonly NestPart[] | undefined {
  const inner = sizes.at(-1) ?? 1;
  if (inner <= longestInner) return undefined;
  const rows = Math.floor(inner / longestInner);
  const outer = sizes.slice(0, -1);
  const rest = inner - rows * longestInner;
  return [
    {
      sizes: [...outer, rows, longestInner],
      strides: strides.map((own) => [...own.slice(0, -1), own.at(-1)! * longestInner, own.at(-1)!]),
      offsets: strides.map(() => 0),
    },
    ...(rest === 0
      ? []
      : [{ sizes: [...outer, rest], strides, offsets: strides.map((own) => own.at(-1)! * rows * longestInner) }]),
  ];
}
