// The worker: solves the plate, and draws it as it is found, for at most a third of the time.
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { type CurvesFigure, errorMap, fieldMap, type MapFigure, residualMap, type Solution, solve } from "@hooke/pinn";
import type { Reply, Request, Shape } from "./messages.ts";
import { navier, plateProblem } from "./problem.ts";

const say = (reply: Reply): void => postMessage(reply);

const stages = [
  { method: adam({ learningRate: 5e-3 }), iterations: 300 },
  { method: selfScaledBroyden(), iterations: 2500 },
];
const steps = stages.reduce((total, { iterations }) => total + iterations, 0);
/** Of the time that drawing takes, so many times pass before it draws again, in ms at least. */
const [rest, least] = [2, 400];
/** Messages are let in so often, in ms. */
const breath = 50;
const points = 61;
const units = { x: "m", y: "m", deflection: "mm", equilibrium: "kPa" };

let stop = new AbortController();

/** Root mean square of the numbers of a map. */
const rms = ({ values: { data } }: MapFigure): number => Math.hypot(...data) / Math.sqrt(data.length);

async function run(shape: Shape, signal: AbortSignal): Promise<void> {
  const [plate, exact] = [plateProblem(shape), navier(shape)];
  const history: { step: number; loss: number; error: number }[] = [];
  const draw = async (solution: Solution, step: number, loss: number): Promise<void> => {
    const options = { points, units };
    const deflection = await fieldMap(solution, "deflection", { ...options, title: "Deflection" });
    const residual = await residualMap(solution, "equilibrium", { ...options, title: "What the equation leaves over" });
    const error = await errorMap(solution, "deflection", exact, { ...options, title: "Error of the deflection" });
    const relative = rms(error) / known(exact, deflection);
    history.push({ step, loss, error: relative });
    say({
      type: "drawing",
      drawing: { deflection, residual, error, curves: curvesOf(history), relative, left: rms(residual) },
    });
  };
  let [drawn, breathed] = [Number.NEGATIVE_INFINITY, performance.now()];
  let pause = least;
  let before = 0;
  const { solution, report } = await solve(plate, {
    backend: wasmBackend(),
    stages,
    signal,
    onProgress: async ({ stage, method, iteration, loss, seconds }, _, found) => {
      before = stages.slice(0, stage).reduce((total, { iterations }) => total + iterations, 0);
      const now = performance.now();
      if (now - breathed < breath) return;
      say({ type: "progress", standing: { step: before + iteration, steps, method, loss, seconds } });
      if (now - drawn >= pause) {
        await draw(await found(), before + iteration, loss);
        drawn = performance.now();
        pause = Math.max(least, rest * (drawn - now));
      }
      // Steps follow each other in microtasks; a turn of the event loop lets messages in.
      await new Promise((resolve) => setTimeout(resolve));
      breathed = performance.now();
    },
  });
  const done = report.stages.reduce((total, { iterations }) => total + iterations, 0);
  const { loss = Number.NaN, method = "" } = report.stages.at(-1) ?? {};
  await draw(solution, done, loss);
  say({ type: "progress", standing: { step: done, steps, method, loss, seconds: report.seconds } });
  say({ type: "ended", why: signal.aborted ? "stopped" : "finished", warnings: signal.aborted ? [] : report.warnings });
}

/** Root mean square of what is known, at the points of a map. */
function known(exact: ReturnType<typeof navier>, { x, y }: MapFigure): number {
  const values = y.flatMap((up) => x.map((right) => exact({ x: right, y: up })));
  return Math.hypot(...values) / Math.sqrt(values.length);
}

function curvesOf(history: readonly { step: number; loss: number; error: number }[]): CurvesFigure {
  const { loss, error } = history.at(-1)!;
  return {
    kind: "curves",
    title: "Loss and error",
    caption: `The loss is ${loss.toExponential(1)}, the relative error ${error.toExponential(1)}.`,
    xLabel: "step",
    yLabel: "",
    x: history.map(({ step }) => step),
    series: [
      { label: "loss", values: history.map((each) => each.loss) },
      { label: "relative error", values: history.map((each) => each.error) },
    ],
    logarithmic: true,
  };
}

let running: Promise<void> = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<Request>) => {
  stop.abort();
  if (data.type === "stop") return;
  stop = new AbortController();
  const { signal } = stop;
  running = running
    .then(() => run(data.shape, signal))
    .catch((error: unknown) => say({ type: "error", message: error instanceof Error ? error.message : String(error) }));
};
