// Advice on a small table: in a page, and in Node for comparison.
import { wasmBackend } from "@hooke/backend-wasm";
import { tableOf } from "@hooke/data";
import { advise } from "@hooke/model-advisor";

const rows = 40;
const x = Float64Array.from({ length: rows }, (_, row) => ((row * 7919) % 1000) / 1000);
const z = Float64Array.from({ length: rows }, (_, row) => ((row * 104729) % 997) / 997);
const y = x.map((value, row) => 3 * value ** 2 - z[row]! + ((row * 31) % 17) / 85);

/** What is recommended, what was measured, and what twice the rows would bring, to eight digits; seconds aside. */
export async function adviseOnTable(): Promise<string> {
  const advice = await advise(tableOf({ x, z, y }), {
    target: "y",
    groups: "none",
    backend: wasmBackend(),
    budget: { repeats: 1 },
    elsewhere: false,
  });
  const { recommended, equivalent, tie, signal, comparison, moreData } = advice;
  const verdict = {
    ...{ recommended: recommended!.method, range: recommended!.range, equivalent, tie, moreData },
    ...{ found: signal.found, skill: signal.skill },
    errors: comparison.methods.map(({ method, error, standardError }) => ({ method, error, standardError })),
  };
  // Exponentials of two engines differ in the last bit, and a search for length scales carries that on.
  return JSON.stringify(verdict, (_, value) => (typeof value === "number" ? Number(value.toPrecision(8)) : value), 2);
}

declare global {
  interface Window {
    adviseOnTable: typeof adviseOnTable;
  }
}

if (typeof window !== "undefined") Object.assign(window, { adviseOnTable });
