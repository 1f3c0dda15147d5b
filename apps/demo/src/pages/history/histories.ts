// The histories that are compared on: Virkler's, or those of a file that was dropped.
import { parseCsv } from "@hooke/data";
import { type Series, virkler } from "@hooke/example-crack-growth/plate.ts";
import { type Histories, historiesOf } from "@hooke/example-crack-growth/specimens.ts";
import { fail } from "@hooke/runtime";
import { loadFile } from "../../data/files.ts";
import { guessWriting, tableOfFile } from "../../data/reading.ts";
import type { Settings } from "./settings.ts";

export interface Data extends Histories {
  /** Of the file. */
  readonly name: string;
}

/** Networks learn from three quarters of the specimens of all folds but one; with fewer, errors say nothing. */
const leastSpecimens = 16;

/** @throws on what cannot be read or compared, with the line and what to do */
export async function loadHistories(id: string): Promise<Data> {
  if (id === "") {
    const { default: text } = await import("@hooke/example-crack-growth/data/virkler.csv?raw");
    return { name: "Virkler’s cracks", ...historiesOf(parseCsv(text, { source: "virkler.csv" })) };
  }
  const file = await loadFile(id);
  const histories = historiesOf(tableOfFile(file, guessWriting(file.text)));
  const count = histories.specimens.length;
  if (count < leastSpecimens) {
    fail(
      file.name,
      `${count} specimens; a comparison on specimens held out takes ${leastSpecimens}. Add specimens, or look at a single one with the law alone.`,
      "invalid-data",
    );
  }
  return { name: file.name, ...histories };
}

/** What the law of Paris knows of the tests. @throws where a crack is longer than the plate is wide */
export function seriesOf({ name, specimens, cyclesPerStep }: Data, { width }: Pick<Settings, "width">): Series {
  const longest = Math.max(...specimens.map(({ lengths }) => lengths.at(-1)!));
  if (longest >= width / 2) {
    fail(
      name,
      `half a crack is ${longest} mm long, the plate ${width} mm wide: it has to be longer than the crack. Set the plate width under Settings; lengths are of half the crack, in mm.`,
      "invalid-data",
    );
  }
  // The stress range is part of C: forecasts are the same for any.
  return { width, stressRange: virkler.stressRange, cyclesPerStep };
}
