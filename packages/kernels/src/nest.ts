// Indices of a nest of loops, found from one number.
import type { Text } from "./text.ts";

/** Adds code that finds the index along each dimension; their names. */
export function indices(text: Text, index: string, sizes: readonly number[]): string[] {
  const names: string[] = [];
  let rest = index;
  for (let dimension = sizes.length - 1; dimension >= 0; dimension--) {
    const size = sizes[dimension]!;
    if (size === 1) names.unshift("0u");
    else if (dimension === 0) names.unshift(rest);
    else {
      const above = text.define(`${rest} / ${size}u`, "r");
      names.unshift(text.define(`${rest} - ${above} * ${size}u`, "i"));
      rest = above;
    }
  }
  return names;
}

/** An address: a pointer moved along dimensions by strides in words. What is negative counts modulo 2^32. */
export function moved(pointer: string, names: readonly string[], strides: readonly number[]): string {
  const terms = names.flatMap((name, dimension) => {
    const stride = strides[dimension]!;
    if (stride === 0 || name === "0u") return [];
    return [stride === 1 ? name : `${name} * ${stride >>> 0}u`];
  });
  return [pointer, ...terms].join(" + ");
}
