/**
 * Data in Node: CSV files, files written whole or not at all, folders of runs.
 *
 * @packageDocumentation
 */

export { fileSystemError, systemCode } from "./file-system-error.ts";
export { displayPath, pathCheck, writeFileAtomic } from "./files.ts";
export { createFolder, createRunFolder } from "./folders.ts";
export { removeLeftovers, temporaryPath } from "./leftovers.ts";
export { folderHolder, type Held, type Lock, type LockHolder, lockFolder, tryLockFolder } from "./lock.ts";
export { packageProgram } from "./package-program.ts";
export { isRunning, type ProcessIdentity, thisProcess } from "./process-identity.ts";
export { readCsv } from "./read-csv.ts";
