// The histories of the page: Virkler's, as the example has them.
import { parseCsv } from "@hooke/data";
import { type Specimen, specimensOf } from "@hooke/example-crack-growth/specimens.ts";

export async function loadHistories(): Promise<readonly Specimen[]> {
  const { default: text } = await import("@hooke/example-crack-growth/data/virkler.csv?raw");
  return specimensOf(parseCsv(text, { source: "virkler.csv" }));
}
