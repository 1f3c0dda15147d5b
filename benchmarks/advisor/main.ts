// Judges the advisor on rows that it has not seen, beside what one might do without it, and whether it notices what is wrong with a table.
//
//   node main.ts --sets yacht,steels_yield --seeds 1 --rows 300 --seconds 60 --parts judge,notice,shuffle,forecast --out found.jsonl
//   node main.ts --read found.jsonl    prints the tables of what was found before
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { forecast, notice, spoils } from "./honesty.ts";
import { judge } from "./judge.ts";
import { type AdvisorSet, dataFolder, readSet, setNames } from "./sets.ts";
import { type Finding, tablesOf } from "./table.ts";

const { values } = parseArgs({
  options: {
    sets: { type: "string", default: setNames.join() },
    seeds: { type: "string", default: "1" },
    rows: { type: "string", default: "400" },
    seconds: { type: "string", default: "120" },
    shuffles: { type: "string", default: "10" },
    parts: { type: "string", default: "judge,notice,shuffle,forecast" },
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

/** Everything that was asked for, one finding after the other. */
async function* findings(): AsyncGenerator<Finding> {
  const parts = new Set(values.parts.split(","));
  const seconds = Number(values.seconds);
  for (const set of sets()) {
    for (let seed = 0; seed < Number(values.seeds); seed++) {
      const effort = { seed, seconds };
      if (parts.has("judge")) yield judge(set, "row", effort);
      if (parts.has("judge") && set.groups !== undefined) yield judge(set, "group", effort);
      const forecasted = parts.has("forecast") && set.classes !== true && (await forecast(set, effort));
      if (forecasted) yield forecasted;
      if (!parts.has("notice")) continue;
      yield notice(set, "clean", effort);
      if (set.classes) continue;
      for (const spoiled of Object.keys(spoils)) yield notice(set, spoiled, effort);
    }
    if (!parts.has("shuffle") || set.classes) continue;
    for (let seed = 100; seed < 100 + Number(values.shuffles); seed++) {
      yield notice(set, "shuffled target", { seed, seconds });
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
