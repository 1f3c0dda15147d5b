// What a kind of texture is.
import type { Field } from "../field.ts";
import type { Random } from "../random.ts";

export interface Kind {
  readonly name: string;
  /** A clean periodic texture of `side x side` points, from 0 (dark) to 1 (bright). */
  readonly draw: (random: Random, side: number) => Field;
}

/** Numbers of features per edge, for features of 5 points to half an edge. */
export const featuresPerEdge = (random: Random, side: number): number => random.logUniform(2, side / 5);

/** A share of the area. */
export const areaShare = (random: Random): number => random.uniform(0.15, 0.85);
