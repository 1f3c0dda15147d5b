// Temporaries in as little memory as can be: several orders of placing them are tried where the first leaves gaps.
import { type Lifetime, type PlaceLarge, placeInOrder, spacedBytes } from "./liveness.ts";

/** More than what is needed at one time by this factor is worth another attempt, up to so many. */
const tight = 1.01;
const mostAttempts = 20;

/** The best of some orders: by size; then by the most that is needed in each array's life; then with what ended up highest moved ahead. */
export const placeTightly: PlaceLarge = (sorted) => {
  const goesOn = ({ from, to }: Lifetime, time: number): boolean => from <= time && time <= to;
  const sizes = new Map(sorted.map((life) => [life, spacedBytes(life.part)]));
  const needed = [...new Set(sorted.map(({ from }) => from))].map((time) => ({
    time,
    bytes: sorted.reduce((sum, life) => (goesOn(life, time) ? sum + sizes.get(life)! : sum), 0),
  }));
  const breadths = new Map(
    sorted.map((life) => [
      life,
      needed.reduce((most, { time, bytes }) => (goesOn(life, time) ? Math.max(most, bytes) : most), 0),
    ]),
  );
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
