// What is told of the study: a table of methods, and one case of each task with its maps.
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import type { Figure, Report } from "@hooke/report";
import { array } from "@hooke/runtime";
import { methodsOf } from "./methods.ts";
import { networks } from "./networks.ts";
import type { Settings, Trial } from "./study.ts";

/** Cases of a method and a network over all repetitions. */
interface Total {
  readonly method: string;
  readonly network: string;
  readonly cases: number;
  readonly found: number;
  readonly untrained: number;
}

function totalsOf(trials: readonly Trial[]): Total[] {
  const findings = trials.flatMap((trial) => trial.findings);
  return networks.flatMap((network) =>
    methodsOf(network).flatMap(({ name: method }) => {
      const own = findings.filter((each) => each.network === network.name && each.method === method);
      const sum = (key: "cases" | "found" | "untrained") => own.reduce((total, each) => total + each[key], 0);
      if (own.length === 0) return [];
      return [{ method, network: network.name, cases: sum("cases"), found: sum("found"), untrained: sum("untrained") }];
    }),
  );
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

/** The table of methods, for a terminal. */
export function rowsOf(trials: readonly Trial[]): string[] {
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(32) : cell.padStart(12))).join("");
  return networks.flatMap(({ name, task }) => {
    const own = trials.filter(({ network }) => network === name);
    const r2 = meanOf(own.map((trial) => trial.r2)).toFixed(3);
    return [
      "",
      line([`${name}, ${task.name}, R2 ${r2}`, "trained", "untrained"]),
      ...totalsOf(own).map(({ method, cases, found, untrained }) =>
        line([method, percent(found, cases), percent(untrained, cases)]),
      ),
    ];
  });
}

/** The table, and of the first network of each kind the maps of one case. */
export function explainReport(trials: readonly Trial[], { cases, repetitions }: Settings): Report {
  const totals = totalsOf(trials);
  const table: Figure = {
    kind: "table",
    title: "How often the largest value is at the cause",
    caption: `Of ${cases} cases each, by ${repetitions === 1 ? "one network" : `${repetitions} networks`} of a kind; beside it, networks that have learned nothing.`,
    columns: [
      { label: "network" },
      { label: "method" },
      { label: "found", unit: "%" },
      { label: "found, untrained", unit: "%" },
    ],
    rows: totals.map(({ network, method, cases: all, found, untrained }) => [
      network,
      method,
      (100 * found) / all,
      (100 * untrained) / all,
    ]),
  };
  const shown = networks.flatMap(({ name }) => trials.find(({ network }) => network === name) ?? []);
  return {
    title: "Do maps find a planted cause?",
    summary: shown.map(({ network, r2 }) => ({ label: `R2 of the first ${network} on new rows`, value: r2 })),
    figures: [table, ...shown.flatMap(mapsOf)],
  };
}

/** The maps of the first case, over what it was. */
function mapsOf({ network, input, findings }: Trial): Figure[] {
  const { task } = networks.find(({ name }) => name === network)!;
  return findings.map(({ method, map: { shape, values } }): Figure => {
    const largest = Math.max(...values.map(Math.abs)) || 1;
    const shares = values.map((value) => value / largest);
    const title = `${network}: ${method}`;
    const quantity = "share (of the largest)";
    const [height, width] = task.shape as [number, number];
    if (task.shape.length === 3) {
      return {
        kind: "picture",
        title,
        caption: "The dark pore alone decides the strength.",
        width,
        height,
        pixels: Uint8Array.from(input, (grey) => Math.round(255 * Math.min(1, Math.max(0, grey)))),
        overlay: { quantity, values: array(shares, { shape }), range: [-1, 1], colors: "diverging" },
      };
    }
    return {
      kind: "history",
      title,
      caption: "The overload alone decides the life.",
      xLabel: "step",
      yLabel: "load",
      x: input.map((_, step) => step),
      y: input,
      quantity,
      shares,
      range: [-1, 1],
      colors: "diverging",
    };
  });
}
