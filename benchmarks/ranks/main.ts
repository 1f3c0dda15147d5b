// What ranks gain: rows a second of two and more ranks on one machine, one thread each, beside those of one process; and what it takes to add up.
//
//   node ranks/main.ts [network: resnet or mlp] [rows for each rank, default 8] [rounds, default 5] [updates a round, default 4] [ranks, default 2]
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "../rounds.ts";
import type { Asked, Took } from "./train.ts";

const [network = "resnet", rows = "8", rounds = "5", updates = "4", ranks = "2"] = process.argv.slice(2);
const program = fileURLToPath(new URL("train.ts", import.meta.url));
const root = { OMPI_ALLOW_RUN_AS_ROOT: "1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1" };
const env = { ...process.env, ...root, HOOKE_THREADS: "1" };

/** What each of so many ranks took; one of them is a process without MPI. */
function measure(size: number, statistics: Asked["statistics"]): readonly Took[] {
  const asked: Asked = {
    network: network as Asked["network"],
    rows: Number(rows),
    updates: Number(updates),
    statistics,
  };
  const given = [program, JSON.stringify(asked)];
  const [command, ...before] = size === 1 ? [process.execPath] : ["mpirun", "-n", String(size), process.execPath];
  const output = execFileSync(command!, [...before, ...given], { env, encoding: "utf8" });
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Took);
}

const ways = [
  ["one process", 1, "reduced"],
  [`${ranks} ranks, statistics of the batch`, Number(ranks), "reduced"],
  [`${ranks} ranks, of their own rows`, Number(ranks), "perRank"],
] as const;
const taken = new Map<string, Took[]>(ways.map(([name]) => [name, []]));
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, size, statistics] of ways) taken.get(name)!.push(...measure(size, statistics));
}

const middle = (name: string, of: (took: Took) => number): number => median(taken.get(name)!.map(of));
const one = ways[0][0];
console.log(
  `${network}, ${rows} rows a rank, one thread a rank; medians over ${rounds} rounds of ${updates} updates\n`,
);
console.log(
  "| | update, ms | rows/s | of one process | processor, ms a rank | of one process | adding, ms | waiting, ms | adding, share |",
);
console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
for (const [name, size] of ways) {
  const [wall, processor, adding, waiting] = (["wall", "processor", "adding", "waiting"] as const).map((what) =>
    middle(name, (took) => took[what]),
  ) as [number, number, number, number];
  const rate = (1000 * size * Number(rows)) / wall;
  const first = (1000 * Number(rows)) / middle(one, (took) => took.wall);
  const cells = [
    wall.toFixed(1),
    rate.toFixed(1),
    (rate / first).toFixed(2),
    processor.toFixed(1),
    (processor / middle(one, (took) => took.processor)).toFixed(3),
  ];
  console.log(
    `| ${[name, ...cells, adding.toFixed(1), waiting.toFixed(1), `${((100 * adding) / wall).toFixed(1)} %`].join(" | ")} |`,
  );
}
