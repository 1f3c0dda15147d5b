// The figures by name. What a figure needs is loaded when it is mounted.

import type { Mount, Mounted } from "./mount.ts";

export type { Mount, Mounted };

const figures = {
  activations: () => import("./activations/figure.ts"),
  advisor: () => import("./advisor/figure.ts"),
  approximation: () => import("./approximation/figure.ts"),
  beam: () => import("./beam/figure.ts"),
  descent: () => import("./descent/figure.ts"),
  "double-descent": () => import("./double-descent/figure.ts"),
  "first-model": () => import("./first-model/figure.ts"),
  "flat-minima": () => import("./flat-minima/figure.ts"),
  memory: () => import("./memory/figure.ts"),
  overfitting: () => import("./overfitting/figure.ts"),
  "receptive-field": () => import("./receptive-field/figure.ts"),
  residual: () => import("./residual/figure.ts"),
  "vanishing-gradients": () => import("./vanishing-gradients/figure.ts"),
} satisfies Readonly<Record<string, () => Promise<{ readonly mount: Mount }>>>;

/** The name of a figure: its folder. */
export type FigureName = keyof typeof figures;

/** All names. */
export const figureNames = Object.keys(figures) as readonly FigureName[];

/** Puts a figure into an element, in place of what it contains. */
export async function mountFigure(name: FigureName, element: HTMLElement): Promise<Mounted> {
  const { mount } = await figures[name]();
  return mount(element);
}
