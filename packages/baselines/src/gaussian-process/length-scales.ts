// Length scales: how far an input must move before a Gaussian process takes two rows for different.
import { checkArgument } from "@hooke/runtime";
import type { Fitted } from "../method/method.ts";
import type { GaussianProcessState } from "./gaussian-process.ts";

/** Of one input. */
export interface LengthScale {
  readonly input: string;
  /** In the unit of the input; of categories in differences of a category, which are 0 or the root of 2. */
  readonly lengthScale: number;
  /** In standard deviations of the input: the function hardly depends on an input whose length scale is many of them. */
  readonly deviations: number;
  readonly unit?: string;
}

/**
 * The length scales of a fitted Gaussian process, the shortest (in standard deviations) first.
 *
 * @throws on what is no Gaussian process
 */
export function lengthScales(fitted: Fitted): LengthScale[] {
  checkArgument("lengthScales", "the fitted method", fitted, (value) =>
    (value as Partial<Fitted> | null)?.method?.method === "gaussianProcess" ? undefined : "a fitted gaussianProcess()",
  );
  const { design, lengthScales: found } = fitted.state as GaussianProcessState;
  return design.parts
    .map((part, i): LengthScale => {
      const { unit } = fitted.inputs.find(({ name }) => name === part.input)! as { readonly unit?: string };
      const deviations = found[i]!;
      const lengthScale = part.type === "number" ? deviations * part.scale : deviations;
      return { input: part.input, lengthScale, deviations, ...(unit !== undefined && { unit }) };
    })
    .sort((a, b) => a.deviations - b.deviations);
}
