// Judges the advisor on rows that it has not seen, beside what one might do without it, and whether it notices what is wrong with a table.
//
//   node main.ts --sets yacht,steels_yield --seeds 1,2,3,4,5 --rows 300 --repeats 1 --parts judge,plain,notice,shuffle,forecast --out found.jsonl
//   node main.ts --sets line,yacht --seen 12 --by row --parts judge    advice on few rows, judged by all others
//   node main.ts --read found.jsonl    prints the tables of what was found before
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { forecast, notice, spoils } from "./honesty.ts";
import { type Effort, judge } from "./judge.ts";
import type { AdvisorSet } from "./set.ts";
import { dataFolder, readSet, setNames } from "./sets.ts";
import { type Finding, tablesOf } from "./table.ts";

const { values } = parseArgs({
  options: {
    sets: { type: "string", default: setNames.join() },
    seeds: { type: "string", default: "1,2,3,4,5" },
    rows: { type: "string", default: "400" },
    seen: { type: "string" },
    repeats: { type: "string", default: "1" },
    seconds: { type: "string" },
    by: { type: "string", default: "row,group,cluster" },
    shuffles: { type: "string", default: "10" },
    parts: { type: "string", default: "judge,plain,notice,shuffle,forecast" },
    out: { type: "string" },
    read: { type: "string" },
  },
});

/** The sets that are there; the others are named. */
function* sets(): Generator<AdvisorSet> {
  for (const name of values.sets.split(",")) {
    const set = readSet(name, Number(values.rows));
    if (set === undefined) console.error(`${name} is left out: its file is not in ${dataFolder.pathname}.`);
    else yield set;
  }
}

/** What is noticed is noticed with the quick methods: hundreds of tables are asked. */
const quick = (seed: number): Effort => ({ seed, budget: { seconds: 0.1 } });

/** Everything that was asked for, one finding after the other. */
async function* findings(): AsyncGenerator<Finding> {
  const parts = new Set(values.parts.split(","));
  const budget =
    values.seconds === undefined ? { repeats: Number(values.repeats) } : { seconds: Number(values.seconds) };
  const ways = (["row", "group", "cluster"] as const).filter((way) => values.by.split(",").includes(way));
  for (const set of sets()) {
    for (const seed of values.seeds.split(",").map(Number)) {
      const effort = { seed, budget, ...(values.seen !== undefined && { seen: Number(values.seen) }) };
      for (const by of parts.has("judge") ? ways : []) {
        if (by !== "group" || set.groups !== undefined) yield judge(set, by, effort, parts.has("plain"));
      }
      const forecasted = parts.has("forecast") && set.classes !== true && (await forecast(set, effort));
      if (forecasted) yield forecasted;
      if (!parts.has("notice")) continue;
      yield notice(set, "clean", quick(seed));
      if (set.classes) continue;
      for (const spoiled of Object.keys(spoils)) yield notice(set, spoiled, quick(seed));
    }
    if (!parts.has("shuffle") || set.classes) continue;
    for (let seed = 100; seed < 100 + Number(values.shuffles); seed++) {
      for (const by of ways) {
        if (by !== "group" || set.groups !== undefined) {
          yield notice(set, "shuffled target", quick(seed), by);
        }
      }
    }
  }
}

const found: Finding[] = [];
if (values.read !== undefined) {
  for (const line of readFileSync(values.read, "utf8").trim().split("\n")) found.push(JSON.parse(line));
} else {
  if (!existsSync(dataFolder)) {
    console.error(`bench: there is no ${dataFolder.pathname}; the sets of benchmarks/advisor/README.md belong there.`);
  }
  for await (const finding of findings()) {
    found.push(finding);
    if (values.out !== undefined) appendFileSync(values.out, `${JSON.stringify(finding)}\n`);
    console.error(`${finding.kind}: ${finding.set}, seed ${finding.seed}, ${finding.cpuSeconds.toFixed(0)} s`);
  }
}
console.log(tablesOf(found));
