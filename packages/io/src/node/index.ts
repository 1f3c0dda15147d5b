/**
 * Files of other programs, in Node.
 *
 * @packageDocumentation
 */

export { decodeFile } from "./decode-file.ts";
export { csvLog, type EpochLog, tensorboardLog } from "./epoch-log.ts";
export { imageFolder } from "./image-folder.ts";
export { localFile, localFiles } from "./local-files.ts";
export { fileNames } from "./names-below.ts";
export { type VolumeFolderOptions, volumeFolder } from "./volume-folder.ts";
