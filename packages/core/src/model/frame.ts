// Frames: the one place where layers meet their variables. A frame lives as long as one init or apply; no author threads state.
import {
  describe,
  fail,
  fold,
  HookeError,
  isTensor,
  type Key,
  type Shape,
  sameShape,
  stopGradient,
  type Tensor,
  withScope,
} from "@hooke/runtime";
import type { ParameterSpec, ParameterSpecs } from "../initializers/initializer.ts";
import type { BatchShare } from "./batch-share.ts";
import type { LayerContext, RowDraw } from "./define-layer.ts";
import { type Asked, carriedInto, checkReceived, type Extras, observed, withoutLengths } from "./extras.ts";
import { internalsOf, joinPath, type Layer, type Layers, nameOf, pathOfChild } from "./layer.ts";

/** Sees a layer's output and input, and may put another output in its place. */
export type Visit = (
  layer: Layer,
  path: string,
  output: Tensor,
  ownParams: readonly Tensor[],
  frozen: boolean,
  input: Tensor,
) => Tensor | undefined;

/** One application of a model: its variables by dotted path, and what changes while the layers run. */
export interface Frame {
  readonly training: boolean;
  /** Whether layers without state run as in training, so that they draw random numbers. */
  readonly sampling?: boolean;
  readonly key: Key | undefined;
  readonly params: Map<string, Tensor>;
  /** The current state; layers replace their entries. */
  readonly state: Map<string, Tensor>;
  /** Makes a variable that is not there yet; only while initialising. */
  readonly create?: (path: string, spec: ParameterSpec) => Tensor;
  /** Called with each layer after it ran, and with whether training leaves it alone. What it returns takes the place of the output. */
  readonly visit?: Visit;
  /** What layers carried out of the application before this one, by dotted path. */
  readonly carried: ReadonlyMap<string, Tensor>;
  /** What layers asked for besides their input. */
  readonly asked: Asked;
  /** Outputs of layers that took together the steps of sequences: lengths are not about them. */
  readonly pooled: Set<Tensor>;
  /** What layers carry to the next application. */
  readonly carry: Map<string, Tensor>;
  /** What layers show besides their output. */
  readonly reports: Map<string, Tensor>;
  /** How often each name was asked for or given, so that a layer used twice draws, carries and reports twice. */
  readonly uses: Map<string, number>;
  /** What the batch is of a larger one. Default: it is whole. */
  readonly share?: BatchShare | undefined;
  /** An error that already names the layer it comes from. */
  located?: HookeError;
}

/** What reaches a layer from the layers around it. */
export interface Surroundings {
  readonly extras: Extras;
  /** Whether the layer runs as in inference, with parameters that training leaves alone. */
  readonly frozen: boolean;
}

/** A frame without random numbers, with what the caller knows in place of its defaults. */
export function createFrame(known: Partial<Frame>): Frame {
  return {
    training: false,
    key: undefined,
    params: new Map(),
    state: new Map(),
    carried: new Map(),
    asked: { extras: new Set(), carried: new Set(), received: new Set(), lengths: 0 },
    pooled: new Set(),
    carry: new Map(),
    reports: new Map(),
    uses: new Map(),
    ...known,
  };
}

/** Applies a model to a batch. @throws what its layers throw; and if nobody reads an extra or something carried */
export function applyModel(frame: Frame, model: Layer, x: Tensor, extras: Extras): Tensor {
  const output = call(frame, model, "", x, { extras, frozen: false });
  checkReceived(frame, model, extras, hasSteps(output, x));
  return output;
}

/** Whether an output has the steps of its input, `[batch, steps, ...]`. */
export const hasSteps = (output: Tensor, x: Tensor): boolean =>
  x.rank >= 3 && output.rank >= 3 && output.shape[1] === x.shape[1];

/** Applies a layer at a path. @throws what the layer throws, with its path in front */
function call(frame: Frame, layer: Layer, path: string, x: Tensor, around: Surroundings): Tensor {
  try {
    return withScope(path, () => applyLayer(frame, layer, path, x, around));
  } catch (error) {
    if (!(error instanceof HookeError) || error === frame.located) throw error;
    frame.located = new HookeError(`${nameOf(layer, path)}: ${error.message}`, { code: error.code, cause: error });
    throw frame.located;
  }
}

function applyLayer(frame: Frame, layer: Layer, path: string, x: Tensor, around: Surroundings): Tensor {
  const { definition, children } = internalsOf(layer);
  const { extras, frozen } = around;
  if (x.rank === 0)
    throw new HookeError(`expected a batch, [batch, ...], received ${describe(x)}.`, { code: "mismatch" });
  const inputShape = x.shape.slice(1);
  const trained = variables(frame, frame.params, path, definition.params?.(layer.config, inputShape), x);
  const params = frozen ? freeze(trained) : trained;
  const state = variables(frame, frame.state, path, definition.state?.(layer.config, inputShape), x);
  const bound = Object.entries(children).map(([name, child]) => {
    const childPath = pathOfChild(layer, path, name);
    if (Object.hasOwn(params, name) || Object.hasOwn(state, name))
      fail(name, "is the name of both a child and a variable; rename one.");
    const callChild = (input: Tensor, own?: Extras): Tensor => {
      const inherited = frame.pooled.has(input) ? withoutLengths(extras) : extras;
      const surroundings = {
        extras: own === undefined ? inherited : { ...inherited, ...own },
        frozen: frozen || definition.freezes === true,
      };
      const run = (): Tensor => call(frame, child, childPath, input, surroundings);
      return definition.around === undefined ? run() : definition.around(frame, run);
    };
    return [name, callChild] as const;
  });
  const context: LayerContext<unknown, ParameterSpecs, ParameterSpecs, Record<string, Layer>> = {
    config: layer.config,
    params,
    state,
    children: Object.fromEntries(bound),
    training: (frame.training || (frame.sampling === true && definition.state === undefined)) && !frozen,
    path,
    extras: observed(extras, frame.asked),
    rng: (name) => {
      const key = draw(frame, joinPath(path, name));
      return frame.share?.key(key) ?? key;
    },
    rowRng: (name) => drawRows(frame, draw(frame, joinPath(path, name))),
    share: frame.share,
    carried: (name, start) => carriedInto(frame, use(frame, "carried", joinPath(path, name)), start),
    carry: (name, tensor) => keep(frame, "carry", children, path, name, tensor),
    report: (name, tensor) => keep(frame, "reports", children, path, name, tensor),
  };
  const readBefore = frame.asked.lengths;
  const result = definition.apply(context, x);
  const own = definition.state === undefined ? result : keepState(frame, path, state, result);
  if (!isTensor(own)) throw new HookeError(`apply returned ${typeof own}; it must return a tensor.`);
  const output = frame.visit?.(layer, path, own, Object.values(params), frozen, x) ?? own;
  noteSteps(frame, x, output, Object.hasOwn(extras, "lengths"), frame.asked.lengths > readBefore);
  return output;
}

/**
 * Notes an output without the steps of its input, `[batch, steps, ...]`. @throws if sequences have lengths and it was made without
 * reading them
 */
function noteSteps(frame: Frame, x: Tensor, output: Tensor, ragged: boolean, read: boolean): void {
  if (frame.pooled.has(x)) frame.pooled.add(output);
  if (!ragged || x.rank < 3 || hasSteps(output, x)) return;
  if (!read) {
    throw new HookeError(
      `makes ${describe(output)} of the steps of ${describe(x)} and reads no lengths: padding would count. ` +
        "Put a layer in front that reads them, such as lastStep or globalAveragePool, or leave lengths out.",
      { code: "mismatch" },
    );
  }
  frame.pooled.add(output);
}

/** Parameters without derivatives. */
const freeze = (params: Record<string, Tensor>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, stopGradient(value)]));

function variables(
  frame: Frame,
  store: Map<string, Tensor>,
  path: string,
  specs: ParameterSpecs | undefined,
  x: Tensor,
): Record<string, Tensor> {
  const found: Record<string, Tensor> = {};
  for (const [name, spec] of Object.entries(specs ?? {})) {
    if (spec === undefined) continue;
    const at = joinPath(path, name);
    let tensor = store.get(at);
    if (tensor === undefined) {
      if (frame.create === undefined) {
        throw new HookeError(`the variables have no "${at}". Use the variables that init made for this model.`, {
          code: "mismatch",
        });
      }
      tensor = frame.create(at, spec);
      store.set(at, tensor);
    }
    if (!sameShape(tensor.shape, spec.shape)) {
      throw new HookeError(
        `received an input ${describe(x)}, for which "${name}" is expected to be [${spec.shape.join(", ")}]; ` +
          `it is [${tensor.shape.join(", ")}]. Give inputs of the shape the model was initialised for.`,
        { code: "mismatch" },
      );
    }
    found[name] = tensor;
  }
  return found;
}

function keepState(frame: Frame, path: string, state: Record<string, Tensor>, result: unknown): unknown {
  if (!Array.isArray(result) || result.length !== 2) {
    throw new HookeError("declares state; its apply must return [output, next state].");
  }
  const next = result[1] as Record<string, unknown>;
  for (const [name, before] of Object.entries(state)) {
    const after = next[name];
    if (!isTensor(after) || describe(after) !== describe(before)) {
      const received = isTensor(after) ? describe(after) : typeof after;
      throw new HookeError(`the next state's "${name}" is ${received}; expected ${describe(before)}.`, {
        code: "mismatch",
      });
    }
    // Initialising applies the layers too, but its result is the state before the first application.
    if (frame.create === undefined) frame.state.set(joinPath(path, name), after);
  }
  return result[0];
}

function draw(frame: Frame, name: string): Key {
  if (frame.key === undefined) {
    throw new HookeError('needs random numbers ("rng"): apply the model with { training: true, key }.');
  }
  return fold(frame.key, use(frame, "key", name));
}

const drawRows =
  ({ share }: Frame, key: Key): RowDraw =>
  (shape, make) => {
    const of = (whole: Shape): Tensor => make(key, whole);
    return share?.take(shape, of) ?? of(shape);
  };

function keep(
  frame: Frame,
  where: "carry" | "reports",
  children: Layers,
  path: string,
  name: string,
  tensor: Tensor,
): void {
  if (Object.hasOwn(children, name)) fail(name, `is the name of both a child and something in "${where}"; rename one.`);
  frame[where].set(use(frame, where, joinPath(path, name)), tensor);
}

/** The name itself for the first use of its kind, `name#1` for the second, ... */
function use(frame: Frame, kind: string, name: string): string {
  const count = frame.uses.get(`${kind} ${name}`) ?? 0;
  frame.uses.set(`${kind} ${name}`, count + 1);
  return count === 0 ? name : `${name}#${count}`;
}
