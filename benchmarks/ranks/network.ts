// What hundreds of ranks would gain, reckoned by a model of networks that is fitted to measured sums, and what the model is worth: it is held against sums
// that it was not fitted to. Tables of Markdown.
//
//   node ranks/network.ts            2 minutes, on two cores that nothing else uses
//   node ranks/network.ts --quick    shows that everything runs; the numbers mean little
import { availableParallelism, cpus } from "node:os";
import { align, digits } from "../table.ts";
import { costOf, deviationOf, fitNetwork, type Network, type Point, type Shared, soldAs, updateOf } from "./cost.ts";
import {
  type Counted,
  countSums,
  onMachines,
  onThisMachine,
  type Start,
  type Timed,
  timeSums,
  timeUpdates,
} from "./programs.ts";
import type { Took } from "./train.ts";

const quick = process.argv.includes("--quick");
/** Numbers of gradients, 1 kB to 100 MB. */
const counts = quick ? [256, 4096, 65536] : [...Array.from({ length: 8 }, (_, i) => 256 * 4 ** i), 25e6];
/** Of the links between machines that are made of this one, Mb/s: slow enough for two cores to serve eight of them. */
const rate = 100;
/** Smaller sums pass at once, by what a link has saved while it was idle; larger ones take seconds. */
const overLinks = quick ? [65536] : Array.from({ length: 7 }, (_, i) => 2 ** (14 + i));
/** Networks are fitted to every other sum, and predict those between. */
const isFitted = (of: readonly number[], count: number): boolean => of.indexOf(count) % 2 === 0;

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

/** Where sums were measured. */
interface Place {
  readonly name: string;
  readonly counts: readonly number[];
  readonly repetitions: number;
  readonly start: Start;
}
const links = (ranks: number, connections = 4): Start => ({
  launcher: onMachines(ranks, rate),
  env: { OMPI_MCA_btl_tcp_links: String(connections) },
});
const memory: Place = {
  name: "2 ranks, shared memory",
  counts,
  repetitions: 15,
  start: { launcher: onThisMachine(2) },
};
const loopback: Place = {
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
const two: Place = { ...one, name: `2 machines, ${rate} Mb/s, four connections`, start: links(2) };
const four: Place = {
  ...two,
  name: `4 machines, ${rate} Mb/s, four connections`,
  start: links(4),
};
const places = quick ? [memory, two] : [memory, loopback, one, two, four];

/** A network, fitted. */
interface Fitted {
  readonly place: Place;
  readonly name: string;
  readonly network: Network;
  readonly timed: readonly Timed[];
}

const skipped: string[] = [];
/** What a start measures; nothing, and a note, where it cannot be started. */
async function measured<T>(name: string, run: () => Promise<readonly T[]>): Promise<readonly T[]> {
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

const fitted: Fitted[] = [];
for (const place of places) {
  const { name, start } = place;
  const asked = { counts: place.counts, repetitions: quick ? 2 : place.repetitions };
  const timed = await measured(name, () => timeSums(asked, start));
  if (timed.length > 0) {
    const network = fitNetwork(pointsOf(timed.filter(({ count }) => isFitted(place.counts, count))));
    fitted.push({ place, name, timed, network });
  }
}
const networkOf = (place: Place): Network | undefined => fitted.find((each) => each.place === place)?.network;
const print = (heading: string, table: readonly (readonly string[])[], ...notes: readonly string[]): void =>
  console.log([`## ${heading}`, "", ...align(table), "", ...notes.map((note) => `- ${note}`), ""].join("\n"));
const percent = (part: number): string => `${part < 0 ? "-" : "+"}${Math.abs(100 * part).toFixed(0)} %`;
const worst = (deviations: readonly number[]): string =>
  deviations.length === 0
    ? "-"
    : percent(deviations.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most), 0));
/** The square root of the mean square. */
const spread = (deviations: readonly number[]): string =>
  deviations.length === 0 ? "-" : `${((100 * Math.hypot(...deviations)) / Math.sqrt(deviations.length)).toFixed(0)} %`;

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
    ...fitted.map(({ place, name, network, timed }) => {
      const deviations = (which: boolean): number[] =>
        pointsOf(timed.filter(({ count }) => isFitted(place.counts, count) === which)).map((point) =>
          deviationOf(network, point),
        );
      const largest = timed.at(-1)!;
      return [
        name,
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
  ...skipped,
);
/** Measured and reckoned, for places with the same sums. */
const details = (heading: string, of: readonly number[], ranks: number): void => {
  const there = fitted.filter(({ place, timed }) => place.counts === of && timed[0]!.ranks === ranks);
  if (there.length === 0) return;
  print(heading, [
    ["numbers", "adding up", ...there.map(({ name }) => name)],
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
const best = (all: readonly Took[]): number => Math.min(...all.map(({ wall }) => wall));
const rounds = quick ? 1 : 2;
const updates = { alone: [] as Took[], beside: [] as Took[], perRank: [] as Took[], reduced: [] as Took[] };
for (let round = 0; round < rounds; round++) {
  updates.alone.push(...(await timeUpdates(asked)));
  // Two that do not speak to each other share caches and memory as two ranks do.
  const both = (await Promise.all([timeUpdates(asked), timeUpdates(asked)])).flat();
  updates.beside.push(...both);
  for (const statistics of ["perRank", "reduced"] as const) {
    const start = { launcher: onThisMachine(2) };
    updates[statistics].push(
      ...(await measured(`ranks, ${statistics}`, () => timeUpdates({ ...asked, statistics }, start))),
    );
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
    .map(({ name, network: each }) => [name, () => each] as const),
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
);
