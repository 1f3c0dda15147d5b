// A case: one layer, and arrays to apply it to that are the same for every backend and whatever the order of the tests.
import {
  apply,
  type InputShape,
  type InputSpec,
  initialize,
  type Layer,
  type ParameterPaths,
  type RowSpec,
  type TensorTree,
  type Variables,
} from "@hooke/core";
import {
  type Backend,
  type HostArray,
  isFloat,
  type Key,
  type Plugin,
  randomKey,
  referenceBackend,
  run,
  type Tensor,
  type Tree,
  treeMap,
} from "@hooke/runtime";
import { sample } from "../cases/samples.ts";

/** Names of the checks, as `skip` takes them. */
export type LayerCheckName =
  | "round trip"
  | "shapes"
  | "derivatives"
  | "rows"
  | "padding"
  | "frozen"
  | "refusals"
  | "reproducible"
  | "agreement";

/** A layer with its options, and what it is applied to. */
export interface LayerCase {
  readonly layer: Layer;
  /** What of the layer the case shows, in few words, where lists tell it apart. Default: nothing in particular. */
  readonly note?: string;
  /** One row of inputs, as `init` takes it. Small sizes suffice, different ones find more. */
  readonly input: InputShape;
  /**
   * The smallest and the largest value of the input, under `x`, and of extras, under their names: `{ lengths: [1, 4] }`.
   * Default -2 and 2, or -9 and 9 for whole numbers.
   */
  readonly ranges?: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** How many axes rows may have, where there is a choice. Default: as many as in `input`; `to`: any number. */
  readonly ranks?: { readonly from: number; readonly to?: number };
  /** Parameters that no derivative reaches, by design: those inside `frozen`. Default none. */
  readonly constant?: ParameterPaths;
  /** Checks left out, each with the reason, which is shown. */
  readonly skip?: { readonly [N in LayerCheckName]?: string };
}

/** Where the checks of a case run. */
export interface LayerSite {
  readonly backend: Backend;
  /** What the layer and the layers in its config are rebuilt from. */
  readonly plugins: readonly Plugin[];
}

/** Says what is wrong; an empty list if all is well. It may throw what the layer throws. */
export type LayerCheck = (entry: LayerCase, site: LayerSite) => Promise<string[]>;

/** A batch and variables for a case. */
export interface Setup {
  readonly variables: Variables<HostArray>;
  readonly x: HostArray;
  readonly extras: Readonly<Record<string, HostArray>>;
}

/** Rows of every batch: more than one, as batch statistics need, and not a power of two. */
export const rows = 3;

/** The spec that an {@link InputShape} stands for. */
export const specOf = (input: InputShape): InputSpec => ("shape" in input ? input : { shape: input });

/** Numbers for the input and the extras of a case. */
export function batchOf(
  { input, ranges = {} }: LayerCase,
  dtype: "f32" | "f64" = "f32",
  seed = 1,
): Pick<Setup, "x" | "extras"> {
  const { extras = {}, ...spec } = specOf(input);
  const draw = (name: string, { shape, dtype: own = dtype }: RowSpec, stream: number): HostArray => {
    const [low, high] = ranges[name] ?? [];
    const range = low === undefined || high === undefined ? {} : { low, high };
    return sample([rows, ...shape], isFloat(own) ? dtype : own, { ...range, seed: 100 * seed + stream });
  };
  const drawn = Object.entries(extras).map(([name, extra], i) => [name, draw(name, extra, i + 1)] as const);
  return { x: draw("x", spec, 0), extras: Object.fromEntries(drawn) };
}

/** The one that all checks compare with, so that they share what is set up on it. */
export const reference: Backend = /* @__PURE__ */ referenceBackend();

/** What was set up last: the checks of a case follow each other, and share it. */
let latest: { readonly entry: LayerCase; readonly made: readonly Made[] } | undefined;

interface Made {
  readonly backend: Backend;
  readonly dtype: FloatDType;
  readonly setup: Promise<Setup>;
}

type FloatDType = "f32" | "f64";

/**
 * A batch, and variables that are not those that a model starts with, whose zeros and ones would hide mistakes: numbers are
 * added to the parameters, and the state is that after a pass in training. Made once for a case on a backend.
 */
export function setUp(entry: LayerCase, backend: Backend, dtype: FloatDType = "f32"): Promise<Setup> {
  const made = latest?.entry === entry ? latest.made : [];
  const found = made.find((other) => other.backend === backend && other.dtype === dtype);
  if (found !== undefined) return found.setup;
  const setup = makeSetup(entry, backend, dtype);
  latest = { entry, made: [...made, { backend, dtype, setup }] };
  return setup;
}

async function makeSetup(entry: LayerCase, backend: Backend, dtype: FloatDType): Promise<Setup> {
  const { params, state } = await initialize(backend, entry.layer, entry.input, 3, dtype);
  let seed = 5000;
  const moved = treeMap(params, (start: HostArray): HostArray => {
    const { data } = sample(start.shape, dtype, { low: -0.2, high: 0.2, seed: seed++ });
    for (let i = 0; i < data.length; i++) data[i]! += start.data[i]!;
    return { ...start, data } as HostArray;
  }) as Tree<HostArray>;
  const batch = batchOf(entry, dtype);
  const trained = await evaluate(backend, entry.layer, { ...batch, variables: { params: moved, state } }, true);
  return { ...batch, variables: { params: moved, state: trained.state } };
}

/** The key of every pass in training. */
export const key: HostArray = /* @__PURE__ */ randomKey(11);

/** Output and next state of a layer. */
export async function evaluate(
  backend: Backend,
  layer: Layer,
  setup: Setup,
  training: boolean,
): Promise<{ readonly output: HostArray; readonly state: Tree<HostArray> }> {
  const pass = (variables: Variables, x: Tensor, extras: Readonly<Record<string, Tensor>>, at: Key) => {
    const { output, state } = apply(layer, variables, x, { training, key: at, extras });
    return { output, state };
  };
  const { variables, x, extras } = setup;
  const found = await run(
    backend,
    pass as (...all: never[]) => { output: Tensor; state: TensorTree },
    ...([variables, x, extras, key] as never[]),
  );
  return found as { output: HostArray; state: Tree<HostArray> };
}

/** A layer as messages name it. */
export const titleOf = ({ layer, input }: LayerCase): string => {
  const { shape, extras = {} } = specOf(input);
  const besides = Object.keys(extras).map((name) => `, ${name}`);
  return `${layer.type} ${JSON.stringify(layer.config)} on [${shape.join(", ")}]${besides.join("")}`;
};
