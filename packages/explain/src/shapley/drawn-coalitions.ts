// Subsets for Kernel SHAP: sizes that can be asked about whole are, of the others subsets are drawn in pairs.
import { randomFrom } from "@hooke/baselines";
import { randomKey } from "@hooke/runtime";
import type { Coalitions } from "./game.ts";

/** Proper subsets of the players, with the weights of the Shapley kernel. */
export interface Weighed {
  readonly coalitions: Coalitions;
  readonly weights: Float64Array;
}

/** How many subsets of a size there are. */
function chosen(count: number, size: number): number {
  let subsets = 1;
  for (let i = 0; i < size; i++) subsets = (subsets * (count - i)) / (i + 1);
  return Math.round(subsets);
}

/** All subsets of a size, as lists of players. */
function* subsetsOf(count: number, size: number, from = 0): Generator<readonly number[]> {
  if (size === 0) yield [];
  else {
    for (let first = from; first <= count - size; first++) {
      for (const rest of subsetsOf(count, size - 1, first + 1)) yield [first, ...rest];
    }
  }
}

/** At most `samples` subsets; all of them, where there are not more. */
export function drawnCoalitions(count: number, samples: number, seed: number): Weighed {
  const sets: Uint8Array[] = [];
  const weights: number[] = [];
  const add = (players: readonly number[], weight: number, isPaired: boolean): void => {
    const set = new Uint8Array(count);
    for (const player of players) set[player] = 1;
    sets.push(set);
    weights.push(weight);
    if (!isPaired) return;
    sets.push(set.map((member) => 1 - member));
    weights.push(weight);
  };
  // The kernel's weight of all subsets of a size, (n - 1) / (s (n - s)), with that of the complements.
  const sizes = Array.from({ length: Math.floor(count / 2) }, (_, i) => i + 1);
  const isOwn = (size: number): boolean => 2 * size === count;
  const weightOf = (size: number): number => ((isOwn(size) ? 1 : 2) * (count - 1)) / (size * (count - size));
  const left = [...sizes];
  while (left.length > 0) {
    const size = left[0]!;
    const subsets = (isOwn(size) ? 1 : 2) * chosen(count, size);
    const budget = samples - sets.length;
    const share = (budget * weightOf(size)) / left.reduce((sum, each) => sum + weightOf(each), 0);
    if (subsets > share && allOf(left, count) > budget) break;
    for (const players of subsetsOf(count, size)) add(players, weightOf(size) / subsets, !isOwn(size));
    left.shift();
  }
  const pairs = Math.floor((samples - sets.length) / 2);
  if (left.length > 0 && pairs > 0) {
    const random = randomFrom(randomKey(seed), "kernelShapley", count);
    const total = left.reduce((sum, size) => sum + weightOf(size), 0);
    for (let pair = 0; pair < pairs; pair++) {
      let [at, place] = [random.uniform() * total, 0];
      while (place < left.length - 1 && at >= weightOf(left[place]!)) at -= weightOf(left[place++]!);
      add([...random.choose(count, left[place]!)], total / (2 * pairs), true);
    }
  }
  const members = new Uint8Array(sets.length * count);
  for (const [i, set] of sets.entries()) members.set(set, i * count);
  return { coalitions: { count: sets.length, members }, weights: Float64Array.from(weights) };
}

/** How many subsets these sizes have, with their complements. */
const allOf = (sizes: readonly number[], count: number): number =>
  sizes.reduce((sum, size) => sum + (2 * size === count ? 1 : 2) * chosen(count, size), 0);
