// What two trainings came to, for tests that compare them.
import { readFile } from "node:fs/promises";
import { core } from "@hooke/core";
import { decodeModel } from "@hooke/core/checkpoint";
import { type HostArray, treeLeaves } from "@hooke/runtime";

/** The numbers of the parameters and the state of a model file. */
async function variablesIn(path: string): Promise<number[]> {
  const { variables } = decodeModel(await readFile(path), { plugins: [core] });
  return treeLeaves<HostArray>(variables as never).flatMap(({ value: { data } }) => [...data]);
}

/** The largest difference between the numbers of two model files. */
export async function difference(a: string, b: string): Promise<number> {
  const [first, second] = await Promise.all([variablesIn(a), variablesIn(b)]);
  if (first.length !== second.length) throw new Error(`${first.length} numbers beside ${second.length}`);
  return Math.max(...first.map((value, i) => Math.abs(value - second[i]!)));
}
