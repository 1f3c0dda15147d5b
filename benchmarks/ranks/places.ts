// Where ranks of one machine meet, and the networks that sums over them are fitted by.
import { fitNetwork, type Network, type Point } from "./cost.ts";
import { onMachines, onThisMachine, type Start, type Timed, timeSums } from "./programs.ts";

export const quick = process.argv.includes("--quick");
/** Numbers of gradients, 1 kB to 100 MB. */
export const counts = quick ? [256, 4096, 65536] : [...Array.from({ length: 8 }, (_, i) => 256 * 4 ** i), 25e6];
/** Of the links between machines that are made of this one, Mb/s: slow enough for two cores to serve eight of them. */
const rate = 100;
/** Smaller sums pass at once, by what a link has saved while it was idle; larger ones take seconds. */
export const overLinks = quick ? [65536] : Array.from({ length: 7 }, (_, i) => 2 ** (14 + i));
/** Networks are fitted to every other sum, and predict those between. */
export const isFitted = (of: readonly number[], count: number): boolean => of.indexOf(count) % 2 === 0;

/** Where sums were measured. */
export interface Place {
  readonly name: string;
  readonly counts: readonly number[];
  readonly repetitions: number;
  readonly start: Start;
}
export const links = (ranks: number, connections = 4): Start => ({
  launcher: onMachines(ranks, rate),
  env: { OMPI_MCA_btl_tcp_links: String(connections) },
});
export const memory: Place = {
  name: "2 ranks, shared memory",
  counts,
  repetitions: 15,
  start: { launcher: onThisMachine(2) },
};
export const loopback: Place = {
  name: "2 ranks, TCP on the loopback",
  counts,
  repetitions: 10,
  start: { ...memory.start, env: { OMPI_MCA_btl: "tcp,self" } },
};
const one: Place = {
  name: `2 machines, ${rate} Mb/s, one connection`,
  counts: overLinks,
  repetitions: 3,
  start: links(2, 1),
};
export const two: Place = { ...one, name: `2 machines, ${rate} Mb/s, four connections`, start: links(2) };
export const four: Place = {
  ...two,
  name: `4 machines, ${rate} Mb/s, four connections`,
  start: links(4),
};

/** A network, fitted. */
export interface Fitted {
  readonly place: Place;
  readonly network: Network;
  readonly timed: readonly Timed[];
}

/** What could not be measured, and why. */
export const skipped: string[] = [];
/** What a start measures; nothing, and a note, where it cannot be started. */
export async function measured<T>(name: string, run: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await run();
  } catch (error) {
    const [first] = String((error as { readonly stderr?: string }).stderr || error)
      .trim()
      .split("\n");
    skipped.push(`${name}: not measured, ${first}`);
    return [];
  }
}

/** Measures sums everywhere, one place after another. @param pointsOf what was timed, beside what the sums do */
export async function fitPlaces(pointsOf: (timed: readonly Timed[]) => Point[]): Promise<Fitted[]> {
  const fitted: Fitted[] = [];
  for (const place of quick ? [memory, two] : [memory, loopback, one, two, four]) {
    const asked = { counts: place.counts, repetitions: quick ? 2 : place.repetitions };
    const timed = await measured(place.name, () => timeSums(asked, place.start));
    if (timed.length === 0) continue;
    const network = fitNetwork(pointsOf(timed.filter(({ count }) => isFitted(place.counts, count))));
    fitted.push({ place, timed, network });
  }
  return fitted;
}
