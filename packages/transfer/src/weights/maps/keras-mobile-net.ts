// MobileNetV2 of keras.applications: by its names, by the numbers that Keras 3 gives layers, or by their order.
import { styled } from "./mobile-net.ts";
import type { NameMap } from "./name-map.ts";

/** Convolutions with their normalisations in the order of the network, by their layer in the model and the name of Keras. */
const units: readonly {
  readonly path: string;
  readonly conv: string;
  readonly norm: string;
  readonly deep: boolean;
}[] = [
  { path: "stem", conv: "Conv1", norm: "bn_Conv1", deep: false },
  ...Array.from({ length: 17 }, (_, block) =>
    (block === 0 ? ["depthwise", "project"] : ["expand", "depthwise", "project"]).map((part) => {
      const conv = `${block === 0 ? "expanded_conv" : `block_${block}`}_${part}`;
      return { path: `blocks.${block}.${part}`, conv, norm: `${conv}_BN`, deep: part === "depthwise" };
    }),
  ).flat(),
  { path: "last", conv: "Conv_1", norm: "Conv_1_bn", deep: false },
];

/** Layers by name: what Keras calls them, and what Keras 3 does that writes kinds and numbers alone. */
const layers: ReadonlyMap<string, string> = new Map([
  ...units.flatMap(({ path, conv, norm }) => [[conv, `${path}.conv`] as const, [norm, `${path}.norm`] as const]),
  ...numbered(
    "conv2d",
    units.filter(({ deep }) => !deep).map(({ path }) => `${path}.conv`),
  ),
  ...numbered(
    "depthwise_conv2d",
    units.filter(({ deep }) => deep).map(({ path }) => `${path}.conv`),
  ),
  ...numbered(
    "batch_normalization",
    units.map(({ path }) => `${path}.norm`),
  ),
  ...["predictions", "Logits", "dense"].map((name) => [name, "head"] as const),
]);

function numbered(kind: string, paths: readonly string[]): (readonly [string, string])[] {
  return paths.map((path, i) => [i === 0 ? kind : `${kind}_${i}`, path] as const);
}

const variables: Readonly<Record<string, string>> = {
  kernel: "kernel",
  depthwise_kernel: "kernel",
  bias: "bias",
  gamma: "scale",
  beta: "bias",
  moving_mean: "mean",
  moving_variance: "variance",
};

const parted = (name: string): readonly [layer: string, variable: string] => {
  const slash = name.lastIndexOf("/");
  return [name.slice(0, Math.max(slash, 0)), name.slice(slash + 1)];
};

/**
 * `block_1_expand/kernel` is `blocks.1.expand.conv.kernel`. The published files of 2018 have other names for their layers: where none is
 * known and there are as many as there should be, they are taken in their order, as Keras takes them.
 */
export function kerasMobileNet(names: readonly string[]): NameMap {
  const known = names.some((name) => layers.has(parted(name)[0])) ? layers : layersInOrder(names);
  return {
    name: "keras",
    layout: "keras",
    optional: ["head"],
    checkModel: styled("Keras", { padding: "same", epsilon: 1e-3 }),
    pathOf(name) {
      const [layer, variable] = parted(name);
      const path = known.get(layer);
      if (path === undefined || !Object.hasOwn(variables, variable)) return undefined;
      return `${path}.${variables[variable]}`;
    },
  };
}

/** Layers by their place among those of their kind; none where their numbers are not those of the network. */
function layersInOrder(names: readonly string[]): ReadonlyMap<string, string> {
  const all = [...new Set(names.map((name) => parted(name)[0]))];
  const norms = new Set(names.flatMap((name) => (name.endsWith("/moving_mean") ? [parted(name)[0]] : [])));
  const products = all.filter((layer) => !norms.has(layer));
  // Layers of a model inside of another one are looked for behind its name.
  if (all.some((layer) => layer.includes("/"))) return new Map();
  const hasHead = products.length === units.length + 1;
  if (norms.size !== units.length || !(hasHead || products.length === units.length)) return new Map();
  return new Map([
    ...[...norms].map((layer, i) => [layer, `${units[i]!.path}.norm`] as const),
    ...products.map((layer, i) => [layer, i < units.length ? `${units[i]!.path}.conv` : "head"] as const),
  ]);
}
