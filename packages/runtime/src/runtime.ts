// The runtime: plugins and a backend put together explicitly, with every name known to the type system.
import type { Backend } from "./backend.ts";
import { type Compiled, type CompileOptions, compile, type HostInput, type HostOutput, run } from "./compile.ts";
import { fail } from "./error.ts";
import { type Check, checkOptions } from "./options/check-options.ts";
import { packageHints } from "./package-hints.ts";
import { type Availability, type BackendFactory, checkPlugins, collect, type Kind, type Plugin } from "./plugin.ts";
import { availabilityOf, type Choice, chooseFastest, chooseNamed } from "./selection.ts";
import { smallWork, type Work } from "./work.ts";

type UnionToIntersection<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never;

/** All contributions of one kind among some plugins, as one record. */
export type Contributed<P extends readonly Plugin[], K extends Kind> = UnionToIntersection<
  P[number] extends infer One ? (One extends { readonly [Q in K]: infer C } ? C : never) : never
>;

type Names<T> = unknown extends T ? never : Extract<keyof T, string>;
type Call<T, N extends keyof T> = T[N] extends (...options: infer O) => infer R ? (...options: O) => R : never;

/** Names that a plugin shares with one listed before it. */
type Clash<P extends readonly Plugin[]> = P extends readonly [
  infer First extends Plugin,
  ...infer Rest extends readonly Plugin[],
]
  ? { [K in Kind]: Extract<Names<Contributed<[First], K>>, Names<Contributed<Rest, K>>> }[Kind] | Clash<Rest>
  : never;

/** `plugins`, or a complaint that names what two of them provide. */
type Distinct<P extends readonly Plugin[]> = [Clash<P>] extends [never]
  ? P
  : { readonly "two plugins provide": Clash<P> };

/** What {@link createRuntime} assembles. */
export interface RuntimeOptions<P extends readonly Plugin[]> {
  readonly plugins: P & Distinct<NoInfer<P>>;
  /**
   * A started backend, or the name of one that a plugin provides, or `"auto"`: the one that the environment variable
   * `HOOKE_BACKEND` names, else the one that should be fastest for the `workload`.
   */
  readonly backend: Backend | "auto" | Names<Contributed<NoInfer<P>, "backends">>;
  /** What `"auto"` chooses for, e.g. `workOf(program)`. Default: an update of a small multilayer perceptron. */
  readonly workload?: Work;
}

/** A backend and whether it can run here. */
export type BackendStatus = Availability & { readonly name: string };

/** Plugins and a backend together. */
export interface Runtime<P extends readonly Plugin[]> {
  readonly plugins: P;
  readonly backend: Backend;
  /** Which backend it is and why: who asked for it, or what was expected of each. */
  readonly choice: Choice;
  /** Makes a layer by its type name. */
  layer<N extends Names<Contributed<P, "layers">>>(
    type: N,
    ...options: Parameters<Call<Contributed<P, "layers">, N>>
  ): ReturnType<Call<Contributed<P, "layers">, N>>;
  /** The contribution of a kind by its name. @throws listing the names there are */
  get<K extends Kind, N extends Names<Contributed<P, K>>>(kind: K, name: N): Contributed<P, K>[N];
  /** The names of one kind, in the plugins' order. */
  names(kind: Kind): readonly string[];
  /** Every backend the plugins provide, with device, memory and speed, or the reason and cure where it is unavailable. */
  backends(): Promise<readonly BackendStatus[]>;
  /** Records and runs a function once. */
  run<A extends readonly unknown[], R>(
    fn: (...args: A) => R,
    ...args: { readonly [I in keyof A]: HostInput<A[I]> }
  ): Promise<HostOutput<R>>;
  /** Makes a function callable on host arrays: recorded once per combination of shapes, then replayed. */
  compile<A extends readonly unknown[], R>(fn: (...args: A) => R, options?: CompileOptions): Compiled<A, R>;
}

/**
 * The contribution of a kind by its name.
 *
 * @param asker who asks, for the message. Default `"runtime"`
 * @throws listing the names there are, and naming the package that has a known one
 */
export function lookUp(plugins: readonly Plugin[], kind: Kind, name: string, asker = "runtime"): unknown {
  const found = collect(plugins, kind);
  const entry = found.get(name);
  if (entry) return entry.value;
  const owner = packageOf(name);
  return fail(
    asker,
    `no plugin provides "${name}" among ${kind}. ${owner ? `It is in ${owner}: install it and add its plugin to createRuntime({ plugins }). ` : ""}` +
      `Plugins [${plugins.map((plugin) => plugin.name).join(", ")}] provide: ${[...found.keys()].join(", ") || "none"}.`,
    "unavailable",
  );
}

function packageOf(name: string): string | undefined {
  if (name.includes("/")) return `the package of the plugin "${name.slice(0, name.indexOf("/"))}"`;
  return Object.keys(packageHints).find((owner) => packageHints[owner]!.split(" ").includes(name));
}

const pluginsCheck: Check = (value) =>
  Array.isArray(value) &&
  value.every((plugin: { name?: unknown } | null | undefined) => typeof plugin?.name === "string")
    ? undefined
    : "a list of plugins, such as [core, wasm]";

const backendCheck: Check = (value) =>
  typeof value === "string" || typeof (value as Partial<Backend> | null | undefined)?.prepare === "function"
    ? undefined
    : 'a started backend, the name of one that a plugin provides, or "auto"';

const workloadCheck: Check = (value) => {
  const { dtypes, primitives, kernels } = (value ?? {}) as Partial<Work>;
  return Array.isArray(dtypes) && primitives && kernels ? undefined : "the work of a program, such as workOf(program)";
};

/**
 * Assembles a runtime from plugins and a backend.
 *
 * @throws if two plugins have one name or provide one name, or the backend named is unavailable (with the reason and cure)
 */
export async function createRuntime<const P extends readonly Plugin[]>(
  options: RuntimeOptions<P>,
): Promise<Runtime<P>> {
  checkOptions<{ plugins: unknown; backend: unknown; workload?: unknown }>("createRuntime", options, {
    required: { plugins: pluginsCheck, backend: backendCheck },
    optional: { workload: workloadCheck },
  });
  const plugins = options.plugins as P;
  checkPlugins(plugins);
  const { backend, choice } = await start(plugins, options.backend, options.workload ?? smallWork);
  return {
    plugins,
    backend,
    choice,
    layer: (type, ...layerOptions) =>
      (lookUp(plugins, "layers", type) as (...all: unknown[]) => never)(...layerOptions),
    get: (kind, name) => lookUp(plugins, kind, name) as never,
    names: (kind) => [...collect(plugins, kind).keys()],
    backends: () => statuses(plugins),
    run: (fn, ...args) => run(backend, fn, ...args),
    compile: (fn, compileOptions) => compile(backend, fn, compileOptions),
  };
}

const factories = (plugins: readonly Plugin[]): BackendFactory[] =>
  [...collect(plugins, "backends").values()].map(({ value }) => value as BackendFactory);

const statuses = (plugins: readonly Plugin[]): Promise<BackendStatus[]> =>
  Promise.all(factories(plugins).map(async (factory) => ({ name: factory.name, ...(await availabilityOf(factory)) })));

async function start(
  plugins: readonly Plugin[],
  wanted: Backend | string,
  workload: Work,
): Promise<{ backend: Backend; choice: Choice }> {
  if (typeof wanted === "object") {
    return { backend: wanted, choice: { name: wanted.name, reason: "given to createRuntime" } };
  }
  const choice = await choose(plugins, wanted, workload);
  const factory = lookUp(plugins, "backends", choice.name) as BackendFactory;
  return { backend: await factory.create(), choice };
}

function choose(plugins: readonly Plugin[], wanted: string, workload: Work): Promise<Choice> {
  // An explicit choice is never replaced; the environment decides only what was left open.
  const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env;
  const asked = environment?.HOOKE_BACKEND || "auto";
  const name = wanted === "auto" ? asked : wanted;
  if (name === "auto") return chooseFastest(factories(plugins), workload);
  const [asker, reason] =
    wanted === "auto" ? ["HOOKE_BACKEND", "named by HOOKE_BACKEND"] : ["createRuntime", "named in createRuntime"];
  return chooseNamed(lookUp(plugins, "backends", name, asker) as BackendFactory, reason);
}
