/**
 * Datasets in many files, larger than memory: read by parts from a disk, a server or a page.
 *
 * @packageDocumentation
 */

export { blobFile } from "../files/blob-file.ts";
export type { ByteFile } from "../files/byte-file.ts";
export { type HttpFileOptions, httpFile } from "../files/http-file.ts";
export { openShards, type ShardOptions } from "./open-shards.ts";
