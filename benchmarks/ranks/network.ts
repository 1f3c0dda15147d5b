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
/** Numbers of gradients, 1 kB to 100 MB. Networks are fitted to every other one, with the first and the last, and predict the others. */
const counts = quick ? [256, 4096, 65536] : [...Array.from({ length: 8 }, (_, i) => 256 * 4 ** i), 25e6];
/** Of the links between machines that are made of this one, Mb/s: slow enough for two cores to serve eight of them. */
const rate = 200;
/** The links take seconds for more bytes. */
const overLinks = counts.filter((count) => count <= 2 ** 22);
const isFitted = (count: number): boolean => counts.indexOf(count) % 2 === 0;

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
  gradients: await countSums({ counts: [...counts, resnet.gradients], repetitions, ranks: many }),
  statistics: await countSums({ counts: [...resnet.statistics.keys()], wide: true, repetitions, ranks: many }),
};
const workOf = (ranks: number, count: number, of: keyof typeof counted = "gradients"): Counted =>
  counted[of].find((each) => each.ranks === ranks && each.count === count)!;
const pointsOf = (all: readonly Timed[]): Point[] =>
  all.map(({ ranks, count, sum }) => ({ work: workOf(ranks, count), milliseconds: sum }));

/** A network that two ranks were measured on. */
interface Place {
  readonly name: string;
  readonly counts: readonly number[];
  readonly repetitions: number;
  readonly start: Start;
}
const oneConnection = { OMPI_MCA_btl_tcp_links: "1" };
const twoConnections = { OMPI_MCA_btl_tcp_links: "2" };
const links = (ranks: number, env: Start["env"]): Start => ({ launcher: onMachines(ranks, rate), env: env! });
const places: readonly Place[] = [
  { name: "shared memory", counts, repetitions: 15, start: { launcher: onThisMachine(2) } },
  {
    name: "TCP on the loopback",
    counts,
    repetitions: 10,
    start: { launcher: onThisMachine(2), env: { OMPI_MCA_btl: "tcp,self" } },
  },
  { name: `links of ${rate} Mb/s, one connection`, counts: overLinks, repetitions: 4, start: links(2, oneConnection) },
  {
    name: `links of ${rate} Mb/s, two connections`,
    counts: overLinks,
    repetitions: 4,
    start: links(2, twoConnections),
  },
];

/** A network, fitted. */
interface Fitted {
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
for (const { name, counts: sizes, repetitions: often, start } of places) {
  const timed = await measured(name, () => timeSums({ counts: sizes, repetitions: quick ? 2 : often }, start));
  if (timed.length > 0)
    fitted.push({ name, timed, network: fitNetwork(pointsOf(timed.filter(({ count }) => isFitted(count)))) });
}
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
      "two ranks",
      "us a message",
      "GB/s",
      "fitted sums",
      "at most",
      "predicted sums",
      "at most",
      "an exchange of 1 kB, us",
      "GB/s of the largest",
    ],
    ...fitted.map(({ name, network, timed }) => {
      const deviations = (which: boolean): number[] =>
        pointsOf(timed.filter(({ count }) => isFitted(count) === which)).map((point) => deviationOf(network, point));
      const largest = timed.at(-1)!;
      return [
        name,
        network.perMessage === 0 ? "0" : digits(1000 * network.perMessage),
        network.perByte === 0 ? "-" : digits(1e-6 / network.perByte),
        spread(deviations(true)),
        worst(deviations(true)),
        spread(deviations(false)),
        worst(deviations(false)),
        digits(1000 * timed[0]!.exchange),
        digits((4e-6 * largest.count) / largest.exchange),
      ];
    }),
  ],
  "sums: how far the model is from what was measured, root mean square; it was fitted to every other size, and predicts those between",
  "exchange: both ranks send all numbers to each other; not used for the fit",
  ...skipped,
);
print("Sums of two ranks, measured and by the model, ms", [
  ["numbers", "adding up", ...fitted.map(({ name }) => name)],
  ...counts.map((count) => [
    `${count}${isFitted(count) ? "" : " (predicted)"}`,
    digits(workOf(2, count).adding),
    ...fitted.map(({ network, timed }) => {
      const found = timed.find((each) => each.count === count);
      return found === undefined ? "-" : `${digits(found.sum)}, ${digits(costOf(network, workOf(2, count)))}`;
    }),
  ]),
]);

const last = fitted.find(({ name }) => name.endsWith("two connections"));
if (last !== undefined && !quick) {
  const more: Timed[] = [];
  for (const ranks of [4, 8]) {
    const asked = { counts: overLinks.filter((count) => count >= 65536), repetitions: 4 };
    more.push(...(await measured(`${ranks} machines`, () => timeSums(asked, links(ranks, twoConnections)))));
  }
  print(
    `More machines than the model was fitted to, ${last.name}`,
    [
      ["machines", "numbers", "measured, ms", "by the model, ms", ""],
      ...more.map((each) => {
        const [point] = pointsOf([each]) as [Point];
        const predicted = costOf(last.network, point.work);
        return [
          String(each.ranks),
          String(each.count),
          digits(each.sum),
          digits(predicted),
          percent(deviationOf(last.network, point)),
        ];
      }),
    ],
    "two cores serve all of them: smaller sums wait for a core and not for the network",
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
const [memory] = fitted;
if (memory !== undefined && updates.reduced.length > 0 && !quick) {
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
          digits((2 * alone) / updateOf(memory.network, shared(2, computing, statistics)));
        return [name, digits(took), digits((2 * alone) / took), by(alone), by(beside)];
      }),
    ],
    "the model was fitted to sums alone; in the last column it begins with what two processes take that do not speak",
  );
}

const networks: readonly (readonly [string, Network])[] = [
  ...fitted.map(({ name, network: each }) => [name, each] as const),
  ["10 Gb/s, 30 us, as sold", soldAs(30, 10)],
  ["100 Gb/s, 2 us, as sold", soldAs(2, 100)],
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
          const rates = shown.map((ranks) => computing / updateOf(each, shared(ranks, computing, statistics)));
          return [name, String(images), way, ...rates.map((part) => part.toFixed(2))];
        }),
      ),
    ),
  ],
  `an image takes ${digits(alone / rows)} ms of one core, measured; ${staged} times that in stages; a rank a machine, with its core and its memory`,
  "messages of a sum wait for one another, as many as there are ranks; those that all ranks pass on, their logarithm",
  "left out: switches that are busy, machines that are slower now and then",
);
