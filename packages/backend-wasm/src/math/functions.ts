// The vector functions by name. All but the exponentials are loaded when a program first needs them.
import type { PrimitiveName } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { exp, expm1, sigmoid, tanh } from "./exponential.ts";
import type { Lanes } from "./lanes.ts";

/** Code of a function of vectors, f32x4 or f64x2 as the lanes are. */
export type MathFunction = (lanes: Lanes, ...operands: readonly Code[]) => Code;

/** How to get each function, by the primitive that it computes. */
export const mathSources = {
  exp: async () => exp,
  expm1: async () => expm1,
  tanh: async () => tanh,
  sigmoid: async () => sigmoid,
  log: async () => (await import("./logarithm.ts")).log,
  log1p: async () => (await import("./logarithm.ts")).log1p,
  sin: async () => (await import("./trigonometric.ts")).sin,
  cos: async () => (await import("./trigonometric.ts")).cos,
  tan: async () => (await import("./trigonometric.ts")).tan,
  erf: async () => (await import("./erf.ts")).erf,
  pow: async () => (await import("./power.ts")).pow,
  rem: async () => (await import("./remainder.ts")).rem,
} as const satisfies { readonly [P in PrimitiveName]?: () => Promise<MathFunction> };

export type MathName = keyof typeof mathSources;

type OfTwo = {
  [N in MathName]: Parameters<Awaited<ReturnType<(typeof mathSources)[N]>>> extends readonly [Lanes, Code, Code]
    ? N
    : never;
}[MathName];

/** Functions of two operands; the others have one. */
export const ofTwo: { readonly [N in OfTwo]: true } = { pow: true, rem: true };

/** Functions by name: those that a program needs. */
export type MathFunctions = { readonly [N in MathName]?: MathFunction };
