/**
 * Parquet files as tables.
 *
 * @packageDocumentation
 */

export { type DecodeParquetOptions, decodeParquet } from "./decode-parquet.ts";
