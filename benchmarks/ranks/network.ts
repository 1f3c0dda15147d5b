// What hundreds of ranks would gain, reckoned by a model of networks that is fitted to measured sums, and what the model is worth: it is held against sums
// that it was not fitted to. Tables of Markdown.
//
//   node ranks/network.ts            2 minutes, on two cores that nothing else uses
//   node ranks/network.ts --quick    shows that everything runs; the numbers mean little
import { availableParallelism, cpus } from "node:os";
import { digits } from "../table.ts";
import { costOf, deviationOf, type Network, type Point, type Shared, soldAs, updateOf } from "./cost.ts";
import {
  counts,
  type Fitted,
  fitPlaces,
  four,
  isFitted,
  links,
  loopback,
  measured,
  memory,
  overLinks,
  type Place,
  quick,
  skipped,
  two,
} from "./places.ts";
import { percent, print, spread, worst } from "./print.ts";
import { type Counted, countSums, onThisMachine, type Timed, timeSums, timeUpdates } from "./programs.ts";
import type { Took } from "./train.ts";

/** What ResNet-18 with one output adds up in an update, in numbers: gradients, and statistics of its batch norms, so many sums of such a length. */
const resnet = {
  gradients: 11_186_626,
  statistics: new Map([
    [64, 14],
    [128, 14],
    [256, 15],
    [512, 16],
    [1024, 7],
    [2048, 1],
    [4864, 1],
  ]),
} as const;
/** How much longer the same rows take in the stages between which statistics are added up: processor time, docs/decisions/0060. */
const staged = 1.19;
const rows = quick ? 2 : 32;

/** For so many ranks sums are counted. */
const many = quick ? [2, 4] : [2, 4, 8, 16, 64, 256];
const repetitions = quick ? 2 : 20;
const counted = {
  gradients: await countSums({
    counts: [...new Set([...counts, ...overLinks, resnet.gradients])],
    repetitions,
    ranks: many,
  }),
  statistics: await countSums({ counts: [...resnet.statistics.keys()], wide: true, repetitions, ranks: many }),
};
const workOf = (ranks: number, count: number, of: keyof typeof counted = "gradients"): Counted =>
  counted[of].find((each) => each.ranks === ranks && each.count === count)!;
const pointsOf = (all: readonly Timed[]): Point[] =>
  all.map(({ ranks, count, sum }) => ({ work: workOf(ranks, count), milliseconds: sum }));

const fitted: readonly Fitted[] = await fitPlaces(pointsOf);
const networkOf = (place: Place): Network | undefined => fitted.find((each) => each.place === place)?.network;
console.log(`${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, Node ${process.version}\n`);
print(
  "Networks",
  [
    [
      "",
      "us a message",
      "GB/s",
      "fitted sums",
      "at most",
      "predicted sums",
      "at most",
      "an exchange of the fewest numbers, us",
      "GB/s, of the most",
    ],
    ...fitted.map(({ place, network, timed }) => {
      const deviations = (which: boolean): number[] =>
        pointsOf(timed.filter(({ count }) => isFitted(place.counts, count) === which)).map((point) =>
          deviationOf(network, point),
        );
      const largest = timed.at(-1)!;
      return [
        place.name,
        network.perMessage === 0 ? "0" : digits(1000 * network.perMessage),
        network.perByte === 0 ? "-" : digits(1e-6 / network.perByte),
        spread(deviations(true)),
        worst(deviations(true)),
        spread(deviations(false)),
        worst(deviations(false)),
        largest.ranks > 2 ? "-" : digits(1000 * timed[0]!.exchange),
        largest.ranks > 2 ? "-" : digits((4e-6 * largest.count) / largest.exchange),
      ];
    }),
  ],
  "sums: how far the model is from what was measured, root mean square; it was fitted to every other size, and predicts those between",
  "exchange: both ranks send all numbers to each other; not used for the fit",
);
/** Measured and reckoned, for places with the same sums. */
const details = (heading: string, of: readonly number[], ranks: number): void => {
  const there = fitted.filter(({ place, timed }) => place.counts === of && timed[0]!.ranks === ranks);
  if (there.length === 0) return;
  print(heading, [
    ["numbers", "adding up", ...there.map(({ place }) => place.name)],
    ...of.map((count, i) => [
      `${count}${isFitted(of, count) ? "" : " (predicted)"}`,
      digits(workOf(ranks, count).adding),
      ...there.map(
        ({ network, timed }) => `${digits(timed[i]!.sum)}, ${digits(costOf(network, workOf(ranks, count)))}`,
      ),
    ]),
  ]);
};
details("Sums of two ranks, measured and by the model, ms", counts, 2);
details("Sums of two machines, measured and by the model, ms", overLinks, 2);

const [ofTwo, ofFour] = [networkOf(two), networkOf(four)];
if (ofTwo !== undefined && ofFour !== undefined) {
  const asked = { counts: overLinks, repetitions: 3 };
  const eight = await measured("8 machines", () => timeSums(asked, links(8)));
  const more = [...fitted.find(({ place }) => place === four)!.timed, ...eight];
  print(
    "More machines than the model was fitted to",
    [
      ["machines", "numbers", "measured, ms", "by that of 2 machines, ms", "", "by that of 4 machines, ms", ""],
      ...pointsOf(more).map((point, i) => {
        const by = (network: Network) => [digits(costOf(network, point.work)), percent(deviationOf(network, point))];
        const { ranks, count, sum } = more[i]!;
        return [String(ranks), String(count), digits(sum), ...by(ofTwo), ...by(ofFour)];
      }),
    ],
    `between more than two machines a byte takes ${digits(ofFour.perByte / ofTwo.perByte)} times as long: senders meet at one port, and wait for each other`,
  );
}

// An update of ResNet-18.
const network = quick ? "mlp" : "resnet";
const asked = { network, rows, updates: quick ? 1 : 4, statistics: "perRank" } as const;
const rounds = quick ? 1 : 2;
/** What each took that began together, round by round. */
const updates = { alone: [] as Took[][], beside: [] as Took[][], perRank: [] as Took[][], reduced: [] as Took[][] };
/** The slowest in the best round. */
const best = (all: readonly (readonly Took[])[]): number =>
  Math.min(...all.map((round) => Math.max(...round.map(({ wall }) => wall))));
for (let round = 0; round < rounds; round++) {
  updates.alone.push(await timeUpdates(asked));
  // Two that do not speak to each other share caches and memory as two ranks do.
  updates.beside.push((await Promise.all([timeUpdates(asked), timeUpdates(asked)])).flat());
  for (const statistics of ["perRank", "reduced"] as const) {
    const start = { launcher: onThisMachine(2) };
    const took = await measured(`ranks, ${statistics}`, () => timeUpdates({ ...asked, statistics }, start));
    if (took.length > 0) updates[statistics].push([...took]);
  }
}
const alone = best(updates.alone);

/** An update of so many ranks, each of which computes so long. */
function shared(ranks: number, computing: number, statistics: "perRank" | "reduced"): Shared {
  const gradients = workOf(ranks, resnet.gradients);
  if (statistics === "perRank") return { ranks, computing, sums: [gradients] };
  const sums = [...resnet.statistics].flatMap(([count, times]) =>
    Array.from({ length: times }, () => workOf(ranks, count, "statistics")),
  );
  return { ranks, computing: staged * computing, sums: [...sums, gradients] };
}
const ways = [
  ["perRank", "per rank"],
  ["reduced", "reduced"],
] as const;
const ofMemory = networkOf(memory);
if (ofMemory !== undefined && updates.reduced.length > 0 && !quick) {
  const beside = best(updates.beside);
  print(
    `Two ranks of one machine, ResNet-18 on ${rows} images of 64 x 64 each`,
    [
      ["statistics", "update, ms", "rate of one process", "by the model", "with cores that share a memory"],
      ["one process", digits(alone), "1", "", ""],
      ["two that do not speak", digits(beside), digits((2 * alone) / beside), "", ""],
      ...ways.map(([statistics, name]) => {
        const took = best(updates[statistics]);
        const by = (computing: number): string =>
          digits((2 * alone) / updateOf(ofMemory, shared(2, computing, statistics)));
        return [name, digits(took), digits((2 * alone) / took), by(alone), by(beside)];
      }),
    ],
    "the model was fitted to sums alone; in the last column it begins with what two processes take that do not speak",
  );
}

/** A network as it is sold, of which more than two machines get what those of this one did. */
const inCompany =
  (sold: Network) =>
  (ranks: number): Network => ({
    ...sold,
    perByte: ranks > 2 ? (sold.perByte * ofFour!.perByte) / ofTwo!.perByte : sold.perByte,
  });
const sold = [
  ["10 Gb/s, 30 us", soldAs(30, 10)],
  ["100 Gb/s, 2 us", soldAs(2, 100)],
] as const;
const networks: readonly (readonly [string, (ranks: number) => Network])[] = [
  ...fitted
    .filter(({ place }) => place === memory || place === loopback || place === four)
    .map(({ place, network: each }) => [place.name, () => each] as const),
  ...sold.flatMap(([name, each]) => [
    [`${name}, as sold`, () => each] as const,
    ...(ofTwo && ofFour ? [[`${name}, in company`, inCompany(each)] as const] : []),
  ]),
];
const shown = many.filter((ranks) => ranks === 2 || ranks >= 16 || quick);
print(
  "Weak scaling: the rate of a rank, of one process alone",
  [
    ["network", "images a rank", "statistics", ...shown.map((ranks) => `${ranks} ranks`)],
    ...networks.flatMap(([name, each]) =>
      [16, 64].flatMap((images) =>
        ways.map(([statistics, way]) => {
          const computing = (alone / rows) * images;
          const rates = shown.map((ranks) => computing / updateOf(each(ranks), shared(ranks, computing, statistics)));
          return [name, String(images), way, ...rates.map((part) => part.toFixed(2))];
        }),
      ),
    ),
  ],
  `an image takes ${digits(alone / rows)} ms of one core, measured; ${staged} times that in stages; a rank a machine, with its core and its memory`,
  "messages of a sum wait for one another, as many as there are ranks; those that all ranks pass on, their logarithm",
  "in company: a byte takes longer between more than two machines, by as much as between those that were made of this one",
  "left out: switches that are busy, machines that are slower now and then",
  ...skipped,
);
