// A cantilever solved by a physics-informed network: the deflection and what the equation leaves over, as it trains.
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { interval, mlp, problem, residual, type Solution, solve } from "@hooke/pinn";
import { add, mul, square, sub } from "@hooke/runtime";
import type { Computing } from "../computing.ts";

/** Loads, in units of the largest line load or of the force at the tip; the deflection that each is known to give. */
export const loads = {
  uniform: { line: { at: 1, slope: 0 }, tip: 0, exact: (x) => (x ** 2 * (6 - 4 * x + x ** 2)) / 24 },
  falling: { line: { at: 1, slope: -1 }, tip: 0, exact: (x) => x ** 2 / 12 - x ** 3 / 12 + x ** 4 / 24 - x ** 5 / 120 },
  tip: { line: { at: 0, slope: 0 }, tip: 1, exact: (x) => (x ** 2 * (3 - x)) / 6 },
} satisfies Readonly<
  Record<
    string,
    { readonly line: { readonly at: number; readonly slope: number }; readonly tip: number; exact(x: number): number }
  >
>;

export interface Beam {
  readonly load: keyof typeof loads;
  readonly minimizer: "adam" | "broyden";
  readonly seed: number;
}

export interface Found {
  /** Steps so far. */
  readonly step: number;
  readonly deflection: readonly number[];
  readonly residual: readonly number[];
  /** By look: the step, the loss and the relative error of the deflection. */
  readonly steps: readonly number[];
  readonly losses: readonly number[];
  readonly errors: readonly number[];
}

/** Along the beam, in lengths of it. */
export const places: readonly number[] = Array.from({ length: 51 }, (_, i) => i / 50);

function cantilever(load: Beam["load"]) {
  const { line, tip } = loads[load];
  const beam = interval({ x: [0, 1] });
  return problem({
    domain: beam,
    fields: { w: mlp({ units: [12, 12] }) },
    exact: { w: ({ x, free }) => mul(square(x), free) }, // clamped: w = w' = 0 at x = 0, whatever the network says
    terms: {
      equation: residual(beam.interior(60), ({ x, w, d }) =>
        sub(d(w, "x", "x", "x", "x"), add(mul(x, line.slope), line.at)),
      ),
      moment: residual(beam.face("x", "high"), ({ w, d }) => d(w, "x", "x")),
      shear: residual(beam.face("x", "high"), ({ w, d }) => add(d(w, "x", "x", "x"), tip)),
    },
  });
}

const stagesOf = {
  adam: [{ method: adam({ learningRate: 5e-3 }), iterations: 1500 }],
  broyden: [
    { method: adam({ learningRate: 5e-3 }), iterations: 200 },
    { method: selfScaledBroyden(), iterations: 1300 },
  ],
} as const;
const every = 100;

export async function compute({ load, minimizer, seed }: Beam, { signal, show }: Computing<Found>): Promise<Found> {
  const stages = stagesOf[minimizer];
  const exact = places.map(loads[load].exact);
  const [steps, losses, errors]: number[][] = [[], [], []];
  const looked = async (solution: Solution, step: number, loss: number): Promise<Found> => {
    const { line } = loads[load];
    const { w, fourth } = await solution.at(
      places.map((x) => [x]),
      ({ w, d }) => ({ w, fourth: d(w, "x", "x", "x", "x") }),
    );
    const deflection = Array.from(w!);
    const distance = Math.hypot(...deflection.map((value, i) => value - exact[i]!));
    steps!.push(step);
    losses!.push(loss);
    errors!.push(distance / Math.hypot(...exact));
    const residual = places.map((x, i) => fourth![i]! - (line.at + line.slope * x));
    return { step, deflection, residual, steps: [...steps!], losses: [...losses!], errors: [...errors!] };
  };
  let before = 0;
  const { solution, report } = await solve(cantilever(load), {
    backend: wasmBackend(),
    stages,
    seed,
    signal,
    onProgress: async ({ stage, iteration, loss }, _, found) => {
      before = stages.slice(0, stage).reduce((total, { iterations }) => total + iterations, 0);
      if ((before + iteration) % every !== 0) return;
      show(await looked(await found(), before + iteration, loss));
      // Steps follow each other in microtasks; a turn of the event loop lets messages in.
      await new Promise((resolve) => setTimeout(resolve));
    },
  });
  const { loss, iterations } = report.stages.at(-1)!;
  return looked(solution, before + iterations, loss);
}
