// Defining layers: what an author writes (pure functions of a config), and the typed constructor that comes of it.
import {
  type Check,
  checkOptions,
  fail,
  type Key,
  nothingMore,
  type OptionTable,
  type Shape,
  show,
  type Tensor,
} from "@hooke/runtime";
import type { ParameterSpecs } from "../initializers/initializer.ts";
import type { BatchShare } from "./batch-share.ts";
import { internals, internalsOf, isLayer, type Layer, type Layers, type StoredDefinition } from "./layer.ts";

/** The config of a layer without options. */
export type NoOptions = Readonly<Record<string, never>>;

/** Tensors for the specs of a layer. */
export type Parameters<P> = { readonly [K in keyof P]: undefined extends P[K] ? Tensor | undefined : Tensor };

/**
 * Random numbers of the rows of a batch: what `draw` makes of a key for `shape`, whose first axis are rows, or as many for each. Where
 * processes share a batch, the rows that are here, of what is drawn for all of them.
 */
export type RowDraw = (shape: Shape, draw: (key: Key, shape: Shape) => Tensor) => Tensor;

/** What a layer's `apply` may use besides its input. */
export interface LayerContext<C = unknown, P = Record<never, never>, S = never, L = Record<never, never>> {
  readonly config: C;
  readonly params: Parameters<P>;
  /** The current state; the next one is returned. */
  readonly state: Parameters<S>;
  /** The children as functions. They see this layer's extras, with those given here added or in their place. */
  readonly children: { readonly [K in keyof L]: (x: Tensor, extras?: Readonly<Record<string, Tensor>>) => Tensor };
  /** Known while recording: training and inference are two programs. */
  readonly training: boolean;
  /** Dotted path of this layer in the model; empty at the root. */
  readonly path: string;
  /**
   * Tensors that reach the layer besides its input, by name: the lengths of sequences, a memory to attend to. A name that no
   * layer of the model asks for is refused, so ask for it in every mode, also where it then makes no difference.
   */
  readonly extras: Readonly<Record<string, Tensor | undefined>>;
  /**
   * A random key that belongs to this layer, this name and this application; where processes share a batch, to this one of them.
   *
   * @throws if the model is applied without a key
   */
  rng(name: string): Key;
  /**
   * Random numbers that belong to the rows of the batch, such as a mask of each: a row gets the same ones wherever it is computed.
   *
   * @throws if the model is applied without a key
   */
  rowRng(name: string): RowDraw;
  /** What the batch is of a larger one that processes share: for layers that take statistics of it. Undefined where it is whole. */
  readonly share: BatchShare | undefined;
  /**
   * What this layer carried out of the application before this one; `start` at the start of a sequence.
   *
   * @throws if what was carried has not the shape and dtype of `start`
   */
  carried(name: string, start: Tensor): Tensor;
  /** Hands a tensor, such as a recurrent state, to the next application. */
  carry(name: string, tensor: Tensor): void;
  /** Shows a tensor besides the output, such as attention weights. It costs nothing where nobody asks for it. */
  report(name: string, tensor: Tensor): void;
}

/** A stateless layer returns its output; a layer with state returns `[output, next state]`. */
export type ApplyResult<S> = [S] extends [never] ? Tensor : readonly [output: Tensor, nextState: Parameters<S>];

/** A layer as its author writes it. All functions are pure; shapes are without the batch dimension, tensors are with it. */
export interface LayerDefinition<C, P extends ParameterSpecs, S extends ParameterSpecs, L extends Layers> {
  /** Its name in JSON; a third party prefixes its own: `acme/resBlock`. */
  readonly type: string;
  /** Checks of the options, one by one, or of the config as a whole. Default: none beyond the types. */
  readonly options?: OptionTable<NoInfer<C>> | Check;
  /** Layers inside this one. */
  readonly children?: (config: C) => L;
  /** Trained variables. */
  readonly params?: (config: C, inputShape: Shape) => P;
  /** Variables that `apply` updates, such as running statistics. */
  readonly state?: (config: C, inputShape: Shape) => S;
  /** Runs its children as in inference and keeps their parameters as they are; see `frozen`. Default: not. */
  readonly freezes?: true;
  /** The layer on a batch, `x[batch, ...]`. */
  readonly apply: (context: LayerContext<C, NoInfer<P>, NoInfer<S>, NoInfer<L>>, x: Tensor) => ApplyResult<NoInfer<S>>;
}

/** Makes layers of one type. The config may be left out where all its options are optional. */
export type LayerFactory<C> = (Record<never, never> extends C ? (config?: C) => Layer<C> : (config: C) => Layer<C>) & {
  readonly type: string;
};

/**
 * Defines a layer.
 *
 * The config type is read off an annotation: `params: ({ units }: DenseConfig, inputShape) => ...`, or that of `children`,
 * `state` or of apply's context (`LayerContext<DenseConfig>`). It must be JSON, or layers, or records and arrays of these.
 *
 * @returns the constructor; it throws on configs that are not JSON and on options that fail their check, naming both
 * @example
 * ```ts
 * import { defineLayer, type NoOptions, summary } from "@hooke/core";
 * import { mul } from "@hooke/runtime";
 *
 * const scale = defineLayer({
 *   type: "acme/scale",
 *   params: (_config: NoOptions, inputShape) => ({ factor: { shape: inputShape.slice(-1), initializer: "ones" } }),
 *   apply: ({ params }, x) => mul(x, params.factor),
 * });
 * console.log(summary(scale(), [3]).parameters); // 3
 * ```
 */
export function defineLayer<
  C = NoOptions,
  P extends ParameterSpecs = Record<never, never>,
  S extends ParameterSpecs = never,
  L extends Layers = Record<never, never>,
>(definition: LayerDefinition<C, P, S, L>): LayerFactory<C> {
  const { type, options } = definition ?? {};
  if (typeof type !== "string" || typeof definition.apply !== "function")
    fail("defineLayer", `received ${show(definition)}; expected { type, apply } and what else the layer has.`);
  const construct = (given?: C, ...more: []): Layer<C> => {
    nothingMore(type, more);
    const expected = typeof options === "function" && options((given ?? {}) as C);
    if (expected) fail(type, `received ${show(given ?? {})}; expected ${expected}.`);
    const config = frozen(type, given ?? {}, "config") as C;
    if (typeof options === "object") checkOptions<C>(type, config, options);
    const children = Object.freeze(definition.children?.(config) ?? {});
    for (const [name, child] of Object.entries(children)) checkChild(type, name, child);
    const depth =
      1 + Object.values<Layer>(children).reduce((most, child) => Math.max(most, internalsOf(child).depth), 0);
    if (depth > maxDepth) {
      fail(
        type,
        `has ${depth} layers inside of one another; at most ${maxDepth} are. Put them one after another: sequential([...]).`,
      );
    }
    const stored = definition as unknown as StoredDefinition;
    const layer = Object.defineProperty({ type, config }, internals, {
      value: { definition: stored, children, depth },
    });
    return Object.freeze(layer) as Layer<C>;
  };
  // Named, so that a message about a layer that was not called can name it.
  return Object.assign(Object.defineProperty(construct, "name", { value: type }), { type });
}

/** Layers are applied by recursion, and read from files that bound what is nested. */
const maxDepth = 200;

function checkChild(type: string, name: string, child: unknown): void {
  if (name === "" || name.includes(".")) {
    fail(
      type,
      `has a child named "${name}"; names become parts of dotted paths, so they are not empty and hold no dot.`,
    );
  }
  if (name === "__proto__") fail(type, 'has a child named "__proto__", which JavaScript reserves; rename it.');
  if (!isLayer(child)) fail(type, `child "${name}" is ${show(child)}; expected a layer, such as dense({ units: 1 }).`);
}

// A frozen copy. What JSON cannot hold is refused here, where the mistake is made, not when the model is saved.
function frozen(type: string, value: unknown, path: string): unknown {
  if (isLayer(value) || value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (Number.isFinite(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item, i) => frozen(type, item, `${path}[${i}]`)));
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.freeze(Object.fromEntries(entries.map(([key, item]) => [key, frozen(type, item, `${path}.${key}`)])));
  }
  return fail(
    type,
    `${path} is ${show(value)}; a config holds numbers, strings, booleans, layers, and arrays and records of these.`,
  );
}
