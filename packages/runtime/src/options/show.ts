// Values in messages: short, and recognisable to whoever handed them in.
import { describe, type HostArray, isHostArray } from "../array.ts";
import { isTensor, type Tensor } from "../tensor.ts";

/** A value in a message: a name, a kind, or the beginning of its JSON. */
export function show(value: unknown): string {
  if (typeof value === "function") return value.name === "" ? "a function" : `the function ${value.name}`;
  if (typeof value !== "object" || value === null) return typeof value === "string" ? short(value) : String(value);
  if (typeof (value as { then?: unknown }).then === "function") return "a promise (await it)";
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${(value as Partial<Uint8Array>).length ?? ""})`;
  if (isArray(value)) return describe(value);
  try {
    return short(value);
  } catch {
    // Circular, or holding a BigInt.
    return "an object that is not JSON";
  }
}

// Tensors first: they have no data to look at.
const isArray = (value: unknown): value is Tensor | HostArray => isTensor(value) || isHostArray(value);

function short(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) =>
    typeof item === "function" || ArrayBuffer.isView(item) || isArray(item)
      ? show(item)
      : Array.isArray(item)
        ? item.slice(0, 80)
        : item,
  );
  return text === undefined ? String(value) : text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
