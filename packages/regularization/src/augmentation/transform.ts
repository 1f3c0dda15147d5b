// A transform of one sample: what it does, what it assumes of the data, and what it leaves to the transforms behind it.
import { type Check, checkOptions, checks } from "@hooke/runtime";
import type { Beyond } from "./grid.ts";
import type { Matrix } from "./orthogonal.ts";
import type { RandomStream } from "./random.ts";

/** What a transform does to one sample. */
export type Action =
  | { readonly kind: "turn"; readonly map: Matrix; readonly beyond: Beyond }
  /** By fractions of the length of each spatial axis, rounded to whole points. */
  | { readonly kind: "shift"; readonly fractions: readonly number[] }
  | { readonly kind: "intensity"; readonly change: (value: number, random: RandomStream) => number };

/** What a transform may assume besides directions that are alike. */
export type Assumption = "periodic" | "uncalibrated intensity";

/** A random transform of a sample, and what it assumes. */
export interface Transform {
  readonly name: string;
  /** Maps that stand for all it may draw, in `size` dimensions: each must be among those of the declared symmetry. */
  readonly maps: (size: number) => readonly Matrix[];
  /** What it assumes besides. Default nothing. */
  readonly assumes?: Assumption;
  /** What no longer holds of an image after it. Default nothing. */
  readonly ends?: "periodic";
  readonly draw: (random: RandomStream, size: number) => Action;
}

/** Expects a list of {@link Transform}s. @throws on one that lacks something */
export const transformsCheck: Check = (value) => {
  if (!Array.isArray(value) || value.length === 0) return "a list of transforms, such as [rotate90(), flip()]";
  for (const [i, transform] of value.entries()) {
    checkOptions<Transform>(`transform ${i}`, transform, {
      required: { name: text, maps: callable, draw: callable },
      optional: {
        assumes: (item) => checks.oneOf(item, ["periodic", "uncalibrated intensity"]),
        ends: (item) => checks.oneOf(item, ["periodic"]),
      },
    });
  }
  return undefined;
};

const text: Check = (value) => (typeof value === "string" ? undefined : "its name");
const callable: Check = (value) => (typeof value === "function" ? undefined : "a function");
