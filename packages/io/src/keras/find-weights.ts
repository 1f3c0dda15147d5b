// Where the weights are in an HDF5 file of Keras, and what they are called: the layout with lists of names, of Keras 2, and that of Keras 3,
// which numbers.
import { fail } from "@hooke/runtime";
import type { Hdf5Dataset, Hdf5Group, Hdf5Node } from "../hdf5/tree.ts";
import { variableNames } from "./variable-names.ts";

/** A weight before it is read. */
export interface KerasWeight {
  /** Layers and variable, such as `"block_1_expand/kernel"`. */
  readonly name: string;
  readonly dataset: Hdf5Dataset;
}

/** What is in a file. */
export interface KerasWeights {
  readonly found: readonly KerasWeight[];
  readonly leftOut: readonly string[];
}

/** The weights of a file. @throws where it is none of Keras, or damaged */
export function findWeights(root: Hdf5Group, who: string): KerasWeights {
  const damaged = (what: string): never => fail(who, `${what}: the file is damaged.`, "corrupt-file");
  const { model_weights: model } = root.children;
  const listed = [root, model].find((node): node is Hdf5Group => node?.kind === "group" && lists(node, "layer_names"));
  const found = listed === undefined ? numberedWeights(root) : listedWeights(listed, damaged);
  if (found === undefined) {
    return fail(
      who,
      "is an HDF5 file, but none of Keras: it has no list of layers, and no groups of variables. readHdf5 of @hooke/io/hdf5 reads it.",
      "unsupported",
    );
  }
  const names = new Set<string>();
  for (const { name } of found) {
    if (names.has(name)) damaged(`weight "${name}" is there twice`);
    names.add(name);
  }
  const used = new Set(found.map(({ dataset }) => dataset.path));
  const leftOut = Object.values(root.children).filter((child) => !holds(child, used) && holds(child));
  return { found, leftOut: leftOut.map(({ path }) => path.slice(1)) };
}

/** Whether a node has datasets in it: any, or one of these paths. */
function holds(node: Hdf5Node, paths?: ReadonlySet<string>): boolean {
  if (node.kind === "dataset") return paths?.has(node.path) ?? true;
  return node.kind === "group" && Object.values(node.children).some((child) => holds(child, paths));
}

/** Whether a group has a list of names, or its first part: lists that are long come in parts. */
const lists = ({ attributes }: Hdf5Group, key: string): boolean => key in attributes || `${key}0` in attributes;

function listOf({ attributes, path }: Hdf5Group, key: string, damaged: (what: string) => never): readonly string[] {
  const parts =
    key in attributes ? [key] : Object.keys(attributes).filter((name) => /^\d+$/.test(name.slice(key.length)));
  const inOrder = parts
    .filter((name) => name.startsWith(key))
    .sort((a, b) => Number(a.slice(key.length)) - Number(b.slice(key.length)));
  return inOrder.flatMap((name) => {
    const value = attributes[name];
    // An empty list is written as numbers.
    const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
    return values.map((item) => (typeof item === "string" ? item : damaged(`${name} of ${path} is no list of names`)));
  });
}

/** Keras 2, and `.h5` of Keras 3: a list of layers, and for each a list of its weights. */
function listedWeights(group: Hdf5Group, damaged: (what: string) => never): KerasWeight[] {
  return listOf(group, "layer_names", damaged).flatMap((layer) => {
    const node = childAt(group, layer);
    if (node?.kind !== "group") return damaged(`layer "${layer}" is missing`);
    return listOf(node, "weight_names", damaged).map((weight) => {
      const dataset = childAt(node, weight);
      if (dataset?.kind !== "dataset") return damaged(`weight "${weight}" of layer "${layer}" is missing`);
      return { name: weightName(layer, weight), dataset };
    });
  });
}

/**
 * "Conv1/kernel:0" of the layer "Conv1" is "Conv1/kernel"; so is "Conv1_1/kernel:0", as Keras 2 called it where there was another model
 * before. Of a model inside, its layer stays.
 */
function weightName(layer: string, weight: string): string {
  const variable = weight.replace(/:\d+$/, "");
  const [scope, ...rest] = variable.split("/");
  const isOwn = scope === layer || (scope!.startsWith(`${layer}_`) && /^\d+$/.test(scope!.slice(layer.length + 1)));
  return isOwn && rest.length > 0 ? `${layer}/${rest.join("/")}` : `${layer}/${variable}`;
}

function childAt(group: Hdf5Group, path: string): Hdf5Node | undefined {
  let node: Hdf5Node | undefined = group;
  for (const part of path.split("/")) node = node?.kind === "group" ? node.children[part] : undefined;
  return node;
}

/** What holds the layers of a model, and names nothing itself. */
const containers = new Set(["layers", "_layer_checkpoint_dependencies"]);

/** Keras 3: a group a layer, with its variables by number in a group `vars`, whose attribute `name` is that of the layer. */
function numberedWeights(root: Hdf5Group): KerasWeight[] | undefined {
  if (!Object.keys(root.children).some((key) => containers.has(key) || key === "vars")) return undefined;
  const found: KerasWeight[] = [];
  const visit = (group: Hdf5Group, key: string, names: readonly string[]): void => {
    const { vars, ...others } = group.children;
    if (vars?.kind === "group") found.push(...variablesOf(vars, key, names));
    for (const [childKey, child] of Object.entries(others)) {
      if (child.kind !== "group" || (group === root && childKey === "optimizer")) continue;
      visit(child, childKey, containers.has(childKey) ? names : [...names, nameOf(child, childKey)]);
    }
  };
  visit(root, "", []);
  return found;
}

function nameOf(group: Hdf5Group, key: string): string {
  const { vars } = group.children;
  const name = vars?.kind === "group" ? vars.attributes.name : undefined;
  return typeof name === "string" && name !== "" ? name : key;
}

function variablesOf(vars: Hdf5Group, key: string, names: readonly string[]): KerasWeight[] {
  const datasets = Object.values(vars.children).filter((node): node is Hdf5Dataset => node.kind === "dataset");
  const known = variableNames(key, datasets.length);
  return datasets.map((dataset) => {
    const number = dataset.path.slice(vars.path.length + 1);
    return { name: [...names, known?.[Number(number)] ?? number].join("/"), dataset };
  });
}
