// Where the tensors are in what a file holds: often not at the top, but beside the epoch and the optimizer's state.
import { type SelectedNames, selectNames } from "@hooke/data/safetensors";
import { fail } from "@hooke/runtime";
import { describeValue, TensorView } from "./values.ts";

/** Keys under which programs put the weights, in the order in which they are looked for. */
const nests = ["state_dict", "model_state_dict", "model", "module", "net", "network", "weights", "params"];

/** A dictionary of tensors, and the keys that lead to it. */
export interface State {
  readonly nest: readonly string[];
  readonly tensors: readonly { readonly name: string; readonly tensor: TensorView }[];
  /** What is beside the tensors. */
  readonly leftOut: readonly string[];
}

/**
 * Finds the dictionary of tensors.
 *
 * @param given the keys that lead to it. Default: found by their usual names
 */
export function findState(root: unknown, given: readonly string[] | undefined, who: string): State {
  const nest: string[] = [];
  const leftOut: string[] = [];
  let state = root;
  for (;;) {
    if (!(state instanceof Map)) {
      fail(
        who,
        `holds ${describeValue(state)}${nest.length > 0 ? ` at ${pathOf(nest)}` : ""}; expected a dictionary of tensors by name. ` +
          "Save model.state_dict().",
        "unsupported",
      );
    }
    const key = given === undefined ? nestOf(state, who) : given[nest.length];
    if (key === undefined) break;
    if (!state.has(key)) fail(who, `has no ${pathOf([...nest, key])}. It has ${keysOf(state)}.`, "mismatch");
    leftOut.push(
      ...namesOf(state)
        .filter((name) => name !== key)
        .map((name) => pathOf([...nest, name])),
    );
    nest.push(key);
    if (given === undefined && nest.length > 8)
      fail(who, `nests dictionaries in dictionaries: ${pathOf(nest)}. Choose with nest.`, "unsupported");
    state = state.get(key);
  }
  const tensors = [...state].flatMap(([name, tensor]) =>
    typeof name === "string" && tensor instanceof TensorView ? [{ name, tensor }] : [],
  );
  if (tensors.length === 0) {
    fail(
      who,
      `has no tensors${nest.length > 0 ? ` at ${pathOf(nest)}` : ""}, but ${keysOf(state)}. Say with nest where they are.`,
      "mismatch",
    );
  }
  const read = new Set<unknown>(tensors.map(({ name }) => name));
  const others = namesOf(new Map([...state].filter(([key]) => !read.has(key))));
  return { nest, tensors, leftOut: [...leftOut, ...others.map((name) => pathOf([...nest, name]))] };
}

/** The tensors of these names. */
export function selectTensors({ tensors }: State, names: SelectedNames | undefined, who: string): State["tensors"] {
  return selectNames(who, "tensor", tensors, names);
}

/** The key of the weights in a dictionary that is none itself. */
function nestOf(state: ReadonlyMap<unknown, unknown>, who: string): string | undefined {
  if ([...state.values()].some((value) => value instanceof TensorView)) return undefined;
  const found = nests.filter((key) => state.get(key) instanceof Map);
  if (found.length > 1) {
    fail(
      who,
      `has dictionaries ${found.map((key) => `"${key}"`).join(" and ")}. Choose with nest: ["${found[0]}"].`,
      "mismatch",
    );
  }
  return found[0];
}

const pathOf = (keys: readonly string[]): string => keys.map((key) => JSON.stringify(key)).join(" > ");

const namesOf = (state: ReadonlyMap<unknown, unknown>): string[] =>
  [...state.keys()].map((key) => (typeof key === "string" ? key : describeValue(key)));

function keysOf(state: ReadonlyMap<unknown, unknown>): string {
  const entries = [...state].slice(0, 10).map(([key, value]) => `${describeValue(key)}: ${describeValue(value)}`);
  const more = state.size - entries.length;
  return entries.length === 0 ? "nothing" : `${entries.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
