// Temporaries in as little memory as can be: several orders of placing them are tried where the first leaves gaps.
import { type Lifetime, type PlaceLarge, placeInOrder, spacedBytes } from "../liveness.ts";

/** More than what is needed at one time by this factor is worth another attempt, up to so many. */
const tight = 1.01;
const mostAttempts = 20;

/** The best of some orders: by size; then by the most that is needed in each array's life; then with what ended up highest moved ahead. */
export const placeTightly: PlaceLarge = (sorted) => {
  const sizes = new Map(sorted.map((life) => [life, spacedBytes(life.part)]));
  const needed = mostNeeded(sorted);
  const breadths = new Map(sorted.map((life) => [life, needed(life)]));
  const enough = tight * Math.max(0, ...breadths.values());
  let best = placeInOrder(sorted);
  let order = sorted.toSorted((a, b) => breadths.get(b)! - breadths.get(a)!);
  for (let attempt = 0; attempt < mostAttempts && best.bytes > enough; attempt++) {
    const { offsets, bytes } = placeInOrder(order);
    if (bytes < best.bytes) best = { offsets, bytes };
    const highest = order.find((life) => offsets.get(life.part)! + sizes.get(life)! === bytes)!;
    order = [highest, ...order.filter((life) => life !== highest)];
  }
  return best;
};

/** The most bytes that are needed at one time in the life of an array. */
function mostNeeded(all: readonly Lifetime[]): (life: Lifetime) => number {
  // It is reached where some array begins: these times are enough.
  const times = [...new Set(all.map(({ from }) => from))].sort((a, b) => a - b);
  const places = new Map(times.map((time, i) => [time, i]));
  const bytes = times.map(() => 0);
  const range = ({ from, to }: Lifetime): readonly [first: number, end: number] => {
    const first = places.get(from)!;
    let end = first;
    while (end < times.length && times[end]! <= to) end++;
    return [first, end];
  };
  for (const life of all) {
    const [first, end] = range(life);
    for (let i = first; i < end; i++) bytes[i]! += spacedBytes(life.part);
  }
  return (life) => {
    const [first, end] = range(life);
    let most = 0;
    for (let i = first; i < end; i++) most = Math.max(most, bytes[i]!);
    return most;
  };
}
