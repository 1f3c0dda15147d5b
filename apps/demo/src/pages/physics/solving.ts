// One solution: what it computes, and the plate as it is found, drawn for at most a third of the time.
import { adam, selfScaledBroyden } from "@hooke/minimize";
import {
  type CurvesFigure,
  errorMap,
  fieldMap,
  type MapFigure,
  residualMap,
  type Solution,
  type SolveState,
  solve,
} from "@hooke/pinn";
import type { Backend } from "@hooke/runtime";
import type { Run } from "../../jobs/serve.ts";
import { navier, plateProblem } from "./problem.ts";
import type { Settings } from "./settings.ts";

/** The plate as it was drawn last. */
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

/** What the page shows of a solution. */
export interface Solving {
  readonly method: string;
  readonly loss: number;
  readonly seconds: number;
  readonly drawing: Drawing | undefined;
  /** Of every drawing so far. */
  readonly history: readonly { readonly step: number; readonly loss: number; readonly error: number }[];
  readonly warnings: readonly string[];
}

const beginning: Solving = {
  ...{ method: "", loss: Number.NaN, seconds: 0, drawing: undefined, history: [], warnings: [] },
};

const stages = [
  { method: adam({ learningRate: 5e-3 }), iterations: 300 },
  { method: selfScaledBroyden(), iterations: 2500 },
];
export const steps: number = stages.reduce((total, { iterations }) => total + iterations, 0);

/** Of the time that drawing takes, so many times pass before it draws again, in ms at least. */
const [rest, least] = [2, 400];
/** It is kept so often, in ms. */
const keepEvery = 3000;
const points = 61;
const units = { x: "m", y: "m", deflection: "mm", equilibrium: "kPa" };

/** Root mean square of the numbers of a map. */
const rms = ({ values: { data } }: MapFigure): number => Math.hypot(...data) / Math.sqrt(data.length);

/** Solves to the end, or until the run is to pause. */
export async function solving({ sides }: Settings, backend: Backend, run: Run<Solving, SolveState>) {
  const { from, signal, report, keep } = run;
  const shape = Number(sides);
  const [plate, exact] = [plateProblem(shape), navier(shape)];
  const before = from?.shown.seconds ?? 0;
  let shown = from?.shown ?? beginning;
  let [drawn, kept] = [Number.NEGATIVE_INFINITY, performance.now()];
  let pause = least;

  async function draw(solution: Solution, step: number): Promise<void> {
    const options = { points, units };
    const deflection = await fieldMap(solution, "deflection", { ...options, title: "Deflection" });
    const residual = await residualMap(solution, "equilibrium", { ...options, title: "What the equation leaves over" });
    const error = await errorMap(solution, "deflection", exact, { ...options, title: "Error of the deflection" });
    const relative = rms(error) / known(exact, deflection);
    const history = [...shown.history, { step, loss: shown.loss, error: relative }];
    const drawing = { deflection, residual, error, curves: curvesOf(history), relative, left: rms(residual) };
    shown = { ...shown, drawing, history };
  }

  const {
    solution,
    report: solved,
    state,
  } = await solve(plate, {
    ...{ backend, stages, signal },
    ...(from && { resume: from.checkpoint }),
    onProgress: async ({ stage, method, iteration, loss, seconds }, remembered, found) => {
      const step = stages.slice(0, stage).reduce((total, { iterations }) => total + iterations, iteration);
      shown = { ...shown, method, loss, seconds: before + seconds };
      const now = performance.now();
      if (now - drawn >= pause) {
        await draw(await found(), step);
        drawn = performance.now();
        pause = Math.max(least, rest * (drawn - now));
      }
      if (now - kept >= keepEvery) {
        await keep(await remembered(), step, shown);
        kept = now;
      }
      const current = shown;
      await report(step, () => current);
    },
  });
  const done = signal.aborted ? solved.stages.reduce((total, { iterations }) => total + iterations, 0) : steps;
  const { loss = Number.NaN, method = "" } = solved.stages.at(-1) ?? {};
  shown = { ...shown, method, loss, seconds: before + solved.seconds, warnings: signal.aborted ? [] : solved.warnings };
  await draw(solution, done);
  await keep(state, done, shown);
  return { done, shown };
}

/** Root mean square of what is known, at the points of a map. */
function known(exact: ReturnType<typeof navier>, { x, y }: MapFigure): number {
  const values = y.flatMap((up) => x.map((right) => exact({ x: right, y: up })));
  return Math.hypot(...values) / Math.sqrt(values.length);
}

function curvesOf(history: Solving["history"]): CurvesFigure {
  const { loss, error } = history.at(-1)!;
  return {
    kind: "curves",
    title: "Loss and error",
    caption: `The loss is ${loss.toExponential(1)}, the relative error ${error.toExponential(1)}.`,
    xLabel: "step",
    yLabel: "loss, relative error",
    x: history.map(({ step }) => step),
    series: [
      { label: "loss", values: history.map((each) => each.loss) },
      { label: "relative error", values: history.map((each) => each.error) },
    ],
    logarithmic: true,
  };
}
