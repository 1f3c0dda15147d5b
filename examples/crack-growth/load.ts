// The file of the data, read by Node.
import { fileURLToPath } from "node:url";
import { readCsv } from "@hooke/data/node";
import { historiesOf, type Specimen } from "./specimens.ts";

/** All 68 specimens. */
export const loadSpecimens = async (): Promise<readonly Specimen[]> =>
  historiesOf(await readCsv(fileURLToPath(new URL("data/virkler.csv", import.meta.url)))).specimens;
