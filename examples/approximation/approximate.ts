// A network of any width and depth, fitted to a known curve as well as a minimizer can.
import { apply, dense, initialize, type Layer, sequential, summary, type Variables } from "@hooke/core";
import { adam, lbfgs, minimize, objective } from "@hooke/minimize";
import { array, type Backend, type HostArray, mean, run, square, sub, type Tensor } from "@hooke/runtime";

/** Curves over [0, 1], with values between 0 and 1. */
export const targets = {
  /** Smooth: nothing that depth is needed for. */
  wave: (x: number) => 0.5 + 0.4 * Math.sin(2 * Math.PI * x) + 0.1 * Math.sin(6 * Math.PI * x),
  /** Four teeth: a tent of a tent of a tent. */
  zigzag: (x: number) => tent(tent(tent(x))),
  /** What nothing continuous follows. */
  step: (x: number) => (x < 0.5 ? 0.2 : 0.8),
} as const;

/** From 0 to 1 and back. Of itself it has twice the teeth. */
const tent = (x: number): number => 1 - Math.abs(2 * x - 1);

/**
 * The zigzag by a network that nobody trained: layers of two relu units, each a tent, `2 relu(x) - 4 relu(x - 1/2)`. One more layer doubles the teeth; a single layer
 * needs a unit for every corner.
 */
export function folded(x: number, layers: number): number {
  let value = x;
  for (let layer = 0; layer < layers; layer++) value = 2 * Math.max(0, value) - 4 * Math.max(0, value - 0.5);
  return value;
}

export interface Shape {
  readonly target: keyof typeof targets;
  readonly activation: "relu" | "tanh";
  /** Units of each hidden layer. */
  readonly width: number;
  /** Hidden layers. */
  readonly depth: number;
}

/** How far it is. */
export interface Look {
  readonly step: number;
  /** Root mean square of the error at {@link places}, a quarter of which were trained on. */
  readonly error: number;
  /** What the network says there. */
  readonly values: readonly number[];
}

export const places: readonly number[] = Array.from({ length: 1025 }, (_, i) => i / 1024);
const known = places.filter((_, i) => i % 4 === 0);

export function networkOf({ width, depth, activation }: Shape): Layer {
  // Biases of zero would bend all units at the same place.
  const biasInitializer = { name: "uniform", low: -1, high: 1 } as const;
  const hidden = Array.from({ length: depth }, () => dense({ units: width, activation, biasInitializer }));
  return sequential([...hidden, dense({ units: 1 })]);
}

export const parametersOf = (shape: Shape): number => summary(networkOf(shape), [1]).parameters;

/** By layer and by name. */
type Weights<Leaf> = Readonly<Record<string, Readonly<Record<string, Leaf>>>>;

/** Adam first, as it leaves bad starts; then L-BFGS, which ends what it has begun. */
const stages = [
  { method: adam({ learningRate: 0.01 }), part: 0.3 },
  { method: lbfgs({ memory: 20 }), part: 0.7 },
];

/**
 * Fits it, and looks at it `looks` times on the way.
 *
 * @param steps of the minimizers together
 * @param seed of the start
 */
export async function* approximate(
  backend: Backend,
  shape: Shape,
  {
    steps,
    looks,
    seed,
    signal,
  }: { readonly steps: number; readonly looks: number; readonly seed: number; readonly signal?: AbortSignal },
): AsyncGenerator<Look> {
  const network = networkOf(shape);
  const { params, state } = await initialize(backend, network, [1], seed);
  const column = (values: readonly number[]) =>
    array(
      values.map((value) => [value]),
      { dtype: "f64" },
    );
  const inputs = (at: readonly number[]) => column(at.map((place) => 2 * place - 1));
  const [x, y] = [inputs(known), column(known.map(targets[shape.target]))];
  const [everywhere, right] = [inputs(places), places.map(targets[shape.target])];
  const outputs = (weights: object, at: Tensor): Tensor =>
    apply(network, { params: weights, state } as unknown as Variables, at).output;
  const fitted = await objective({
    backend,
    parameters: params as Weights<HostArray>,
    data: { x, y },
    value: (weights: Weights<Tensor>, data: { readonly x: Tensor; readonly y: Tensor }) =>
      mean(square(sub(outputs(weights, data.x), data.y))),
  });
  try {
    let [step, start]: [number, unknown] = [0, params];
    for (const { method, part } of stages) {
      const pieces = Math.max(1, Math.round(part * looks));
      const each = Math.round((part * steps) / pieces);
      let resume: Awaited<ReturnType<typeof minimize>>["state"] | undefined;
      for (let piece = 0; piece < pieces; piece++) {
        const found = await minimize({
          objective: fitted,
          method,
          maxIterations: each,
          ...(resume ? { resume } : { start }),
          ...(signal && { signal }),
        });
        if (found.reason === "aborted") return;
        step += each;
        start = found.parameters;
        resume = found.state;
        const { data } = await run(backend, outputs, found.parameters, everywhere);
        const values = Array.from(data);
        yield { step, values, error: rms(values.map((value, i) => value - right[i]!)) };
      }
    }
  } finally {
    fitted.free();
  }
}

const rms = (values: readonly number[]): number => Math.hypot(...values) / Math.sqrt(values.length);
