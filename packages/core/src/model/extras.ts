// What reaches layers besides their input, and that somebody reads it: extras by name, carried tensors by path.
import { describe, fail, HookeError, quoted, suggestion, type Tensor } from "@hooke/runtime";
import type { Layer } from "./layer.ts";

/** Tensors that reach layers besides their input, by name. */
export type Extras = Readonly<Record<string, Tensor>>;

/** What the layers of a model asked for while they were applied. */
export interface Asked {
  /** Names of extras, present or not. */
  readonly extras: Set<string>;
  /** Paths of carried tensors, present or not. */
  readonly carried: Set<string>;
  /** How often lengths were read that were there. */
  lengths: number;
  /** The tensors that they got. A parent may give its children others than it received itself, under the same names. */
  readonly received: Set<Tensor>;
}

/** Extras that note who asks for them. */
export function observed(extras: Extras, asked: Asked): Extras {
  return new Proxy(extras, {
    get(target, name) {
      if (typeof name !== "string") return undefined;
      const found = Object.hasOwn(target, name) ? target[name] : undefined;
      asked.extras.add(name);
      if (found !== undefined) asked.received.add(found);
      if (found !== undefined && name === "lengths") asked.lengths++;
      return found;
    },
  });
}

/** Extras for what has no steps any more. */
export function withoutLengths({ lengths: _, ...others }: Extras): Extras {
  return others;
}

/** What was carried to a path, or `start`. @throws if it has not the shape and dtype of `start` */
export function carriedInto(
  { carried, asked }: { readonly carried: ReadonlyMap<string, Tensor>; readonly asked: Asked },
  path: string,
  start: Tensor,
): Tensor {
  asked.carried.add(path);
  const found = carried.get(path);
  if (found !== undefined && describe(found) !== describe(start)) {
    throw new HookeError(
      `received the carried "${path}" ${describe(found)}, expected ${describe(start)}; ` +
        "carry what the application before this one returned, for the same sequences.",
      { code: "mismatch" },
    );
  }
  return found ?? start;
}

/**
 * @param stepwise whether the output has the steps of the input: then lengths are for those who read it, such as the loss
 * @throws if no layer read one of the extras or one of the carried tensors
 */
export function checkReceived(
  { carried, asked }: { readonly carried: ReadonlyMap<string, Tensor>; readonly asked: Asked },
  { type }: Layer,
  extras: Extras,
  stepwise: boolean,
): void {
  for (const [name, extra] of Object.entries(extras)) {
    if (!asked.received.has(extra) && !(stepwise && name === "lengths")) refuse(type, "extra", name, asked.extras);
  }
  for (const path of carried.keys()) {
    if (!asked.carried.has(path)) refuse(type, "carried tensor", path, asked.carried);
  }
}

function refuse(type: string, kind: string, name: string, asked: ReadonlySet<string>): never {
  const names = [...asked].sort();
  const known = names.length === 0 ? "They read none." : `They read ${quoted(names)}.${suggestion(name, names)}`;
  return fail(type, `received the ${kind} "${name}", which none of its layers reads. ${known}`, "mismatch");
}
