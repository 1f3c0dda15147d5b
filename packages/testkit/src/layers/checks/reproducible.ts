// Randomness comes from keys alone: the same seed and the same key give the same bits.
import { initialize } from "@hooke/core";
import type { HostArray, Tree } from "@hooke/runtime";
import { evaluate, type LayerCheck, setUp } from "../case.ts";
import { treeDifferences } from "../compare.ts";

/** Initialised twice from one seed, and applied twice in training with one key. */
export const reproducible: LayerCheck = async (entry, { backend }) => {
  const start = async () => (await initialize(backend, entry.layer, entry.input, 7)) as unknown as Tree<HostArray>;
  const setup = await setUp(entry, backend);
  const pass = async () => (await evaluate(backend, entry.layer, setup, true)) as Tree<HostArray>;
  return [
    ...treeDifferences(await start(), await start()).map((problem) => `with the same seed, ${problem}`),
    ...treeDifferences(await pass(), await pass()).map((problem) => `with the same key, ${problem}`),
  ];
};
