// What a cache of downloaded files does, whatever keeps it: files by their checksum, and the parts of those that are on their way.

/** Bytes of a file as they arrive. */
export interface Gathering {
  /** How many are there; from the start on, those of an earlier run. */
  readonly size: number;
  /** What the server called the version of the file that they are of; undefined if it did not. */
  readonly version: string | undefined;
  /** Forgets the bytes, to gather those of another version. */
  restart(version: string | undefined): Promise<void>;
  append(bytes: Uint8Array): Promise<void>;
  /** All of them, in one piece. */
  bytes(): Promise<Uint8Array>;
  /** Makes them the file of the cache, which they are once their checksum is right. */
  keep(): Promise<void>;
  /** Lets go of them; they stay for the next run, where the cache outlives this one. */
  close(): Promise<void>;
}

/** Files by their SHA-256. */
export interface WeightsCache {
  /** The file; undefined where there is none. Its checksum is the caller's to check. */
  read(sha256: string): Promise<Uint8Array | undefined>;
  /** Forgets a file that is damaged. */
  remove(sha256: string): Promise<void>;
  gather(sha256: string): Promise<Gathering>;
  /** Runs `use` once no other process or page does for this file. */
  alone<T>(sha256: string, signal: AbortSignal | undefined, use: () => Promise<T>): Promise<T>;
}
