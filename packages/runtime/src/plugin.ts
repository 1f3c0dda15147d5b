// Plugins: explicit, typed bundles of named things. A plugin is a value; nothing registers itself.
import type { DType } from "./array.ts";
import type { Backend } from "./backend.ts";
import { fail } from "./error.ts";
import { suggestion } from "./options/nearest.ts";
import type { Speed } from "./work.ts";

/** A function that makes a layer of one type from its options. Made by `defineLayer` of @hooke/core. */
// biome-ignore lint/suspicious/noExplicitAny: constructors of every signature qualify; `unknown` would refuse them all.
export type LayerConstructor = ((...options: any[]) => object) & { readonly type: string };

/** A function a plugin offers under a name: a loss, a metric, an optimizer, a method, ... */
// biome-ignore lint/suspicious/noExplicitAny: functions of every signature qualify; `unknown` would refuse them all.
export type NamedFunction = (...options: any[]) => unknown;

type Named<T> = Readonly<Record<string, T>>;

/** What a backend can hold. */
export interface Memory {
  readonly bytes: number;
  /** What these bytes are: `"GPU memory"`, `"largest array"`, ... */
  readonly of: string;
}

/** Says whether a backend can run here, on what, and, if not, why and what cures it. */
export type Availability =
  | {
      readonly available: true;
      readonly device: string;
      /** Element types it runs. */
      readonly dtypes: readonly DType[];
      /** Absent where nothing tells. */
      readonly memory?: Memory;
      /** What `"auto"` goes by. Absent: chosen only where nothing else is available. */
      readonly speed?: Speed;
    }
  | { readonly available: false; readonly reason: string; readonly cure: string };

/** A backend that a runtime can start. */
export interface BackendFactory {
  readonly name: string;
  available(): Promise<Availability>;
  create(): Promise<Backend>;
}

/** What a plugin may provide, by kind and name. */
export interface Contributions {
  readonly layers?: Named<LayerConstructor>;
  readonly losses?: Named<NamedFunction>;
  readonly metrics?: Named<object>;
  readonly optimizers?: Named<NamedFunction>;
  readonly schedules?: Named<NamedFunction>;
  readonly callbacks?: Named<NamedFunction>;
  readonly datasets?: Named<NamedFunction>;
  readonly methods?: Named<NamedFunction>;
  readonly backends?: Named<BackendFactory>;
}

/** The kinds of things a plugin provides. */
export type Kind = keyof Contributions;

/** A named bundle of contributions. */
export type Plugin<C extends Contributions = Contributions> = C & { readonly name: string };

const kinds: readonly Kind[] = [
  "layers",
  "losses",
  "metrics",
  "optimizers",
  "schedules",
  "callbacks",
  "datasets",
  "methods",
  "backends",
];

/**
 * Defines a plugin.
 *
 * @param plugin its `name` and what it provides; a third party prefixes the names of layers with its own: `acme/resBlock`
 * @throws if the name is empty, a kind is unknown, or a layer or backend stands under a name that is not its own
 */
export function definePlugin<const P extends Plugin>(plugin: P): P {
  if (typeof plugin?.name !== "string" || plugin.name === "")
    fail("definePlugin", "received no name; a plugin needs one.");
  const who = `plugin "${plugin.name}"`;
  for (const key of Object.keys(plugin)) {
    if (key !== "name" && !kinds.includes(key as Kind)) {
      const near = suggestion(key, kinds);
      fail(
        who,
        `provides "${key}", which is not a kind of contribution; the kinds are ${kinds.join(", ")}.${near}`,
        "unknown-option",
      );
    }
  }
  for (const [name, layer] of Object.entries(plugin.layers ?? {})) {
    if (layer?.type !== name)
      fail(who, `lists the layer of type "${layer?.type}" under the name "${name}"; they must agree.`);
  }
  for (const [name, backend] of Object.entries(plugin.backends ?? {})) {
    if (backend?.name !== name)
      fail(who, `lists the backend "${backend?.name}" under the name "${name}"; they must agree.`);
  }
  return Object.freeze(plugin);
}

/** Every contribution of one kind, with the plugin it comes from. @throws if two plugins have one name or provide one name */
export function collect<K extends Kind>(
  plugins: readonly Plugin[],
  kind: K,
): Map<string, { plugin: string; value: unknown }> {
  const found = new Map<string, { plugin: string; value: unknown }>();
  for (const plugin of plugins) {
    for (const [name, value] of Object.entries(plugin[kind] ?? {})) {
      const other = found.get(name);
      if (other) {
        fail(
          "createRuntime",
          `plugins "${other.plugin}" and "${plugin.name}" both provide "${name}" among ${kind}; rename one, e.g. "${plugin.name}/${name}".`,
          "mismatch",
        );
      }
      found.set(name, { plugin: plugin.name, value });
    }
  }
  return found;
}

/** Checks that no two plugins share a name or provide one name, in any kind. */
export function checkPlugins(plugins: readonly Plugin[]): void {
  const names = new Set<string>();
  for (const { name } of plugins) {
    if (names.has(name))
      fail(
        "createRuntime",
        `two plugins are named "${name}"; list each plugin once, and give plugins different names.`,
        "mismatch",
      );
    names.add(name);
  }
  for (const kind of kinds) collect(plugins, kind);
}
