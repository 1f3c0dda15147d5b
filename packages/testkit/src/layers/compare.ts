// Comparing trees of arrays leaf by leaf.
import { type HostArray, type Tree, treeLeaves } from "@hooke/runtime";
import { difference, type Tolerance } from "../compare.ts";

/** What differs, each with its path; bit for bit without a tolerance. */
export function treeDifferences(actual: Tree<HostArray>, expected: Tree<HostArray>, tolerance?: Tolerance): string[] {
  const found = new Map(treeLeaves<HostArray>(actual).map(({ path, value }) => [path, value]));
  const wanted = treeLeaves<HostArray>(expected);
  const known = new Set(wanted.map(({ path }) => path));
  const extra = [...found.keys()].filter((path) => !known.has(path)).map((path) => `${path} is there, unexpected`);
  const differences = wanted.flatMap(({ path, value }) => {
    const given = found.get(path);
    const problem = given === undefined ? "is missing" : difference(given, value, tolerance);
    return problem === undefined ? [] : [`${path} ${problem}`];
  });
  return [...extra, ...differences];
}
