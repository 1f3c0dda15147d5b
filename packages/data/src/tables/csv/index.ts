// CSV in: what this folder gives to others.
export type { CsvOptions } from "./options.ts";
export {
  type ByteSource,
  type CsvProgress,
  type CsvStreamOptions,
  parseCsv,
  parseCsvStream,
} from "./parse-csv.ts";
