// What the page and its worker say to each other.
import type { CurvesFigure, MapFigure } from "@hooke/pinn";

/** Length of the plate over its width. */
export const shapes = [1, 1.5, 2] as const;
export type Shape = (typeof shapes)[number];

export type Request = { readonly type: "start"; readonly shape: Shape } | { readonly type: "stop" };

/** How far it has come. */
export interface Standing {
  readonly step: number;
  readonly steps: number;
  readonly method: string;
  readonly loss: number;
  readonly seconds: number;
}

/** The plate as it is found now. */
export interface Drawing {
  readonly deflection: MapFigure;
  readonly residual: MapFigure;
  readonly error: MapFigure;
  readonly curves: CurvesFigure;
  /** Relative L2 error of the deflection. */
  readonly relative: number;
  /** Root mean square of the equation at fresh points of the map, in kPa. */
  readonly left: number;
}

export type Reply =
  | { readonly type: "progress"; readonly standing: Standing }
  | { readonly type: "drawing"; readonly drawing: Drawing }
  | { readonly type: "ended"; readonly why: "finished" | "stopped"; readonly warnings: readonly string[] }
  | { readonly type: "error"; readonly message: string };
