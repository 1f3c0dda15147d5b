// The one error class of Hooke: who speaks, what was received, what to do next, and a code for programs.

/**
 * What kind of error it is, for programs that act on it; messages are for people and may change.
 *
 * - `invalid-argument`: an argument that cannot be right. The rule, where no other code says more.
 * - `unknown-option`: an option that nobody reads, most often a misspelling, or an argument beyond those a function takes.
 * - `invalid-data`: values of a file, table or dataset that cannot be used.
 * - `mismatch`: things that do not fit each other: shapes, dtypes, columns, a checkpoint and its training.
 * - `non-finite`: a computation left the finite numbers.
 * - `unavailable`: a backend, package or platform feature that is not there.
 * - `unsupported`: right, but beyond what this backend or version does.
 * - `out-of-memory`: memory that could not be had.
 * - `freed`: something used after it was freed, or freed twice.
 * - `corrupt-file`: a file that is damaged, cut short, or not what it says it is.
 * - `file-system`: a file or folder that cannot be read or written.
 * - `in-use`: something that another training or process holds.
 * - `device-lost`: the device is gone; a checkpoint survives it.
 */
export type ErrorCode =
  | "invalid-argument"
  | "unknown-option"
  | "invalid-data"
  | "mismatch"
  | "non-finite"
  | "unavailable"
  | "unsupported"
  | "out-of-memory"
  | "freed"
  | "corrupt-file"
  | "file-system"
  | "in-use"
  | "device-lost";

/** Options of a {@link HookeError}. */
export interface HookeErrorOptions extends ErrorOptions {
  /** Default `"invalid-argument"`. */
  readonly code?: ErrorCode;
}

/**
 * An error a person can act on. The message starts with the part that speaks (a function, a layer path, a file),
 * says what it received and ends with what to do.
 */
export class HookeError extends Error {
  override readonly name = "HookeError";
  /** What kind of error it is. Unlike the message, it stays the same from version to version. */
  readonly code: ErrorCode;

  constructor(message: string, { code = "invalid-argument", ...options }: HookeErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Throws a {@link HookeError} saying `who: what`.
 *
 * @param who the speaking part, e.g. `"dense"` or a layer path
 * @param what what was received and what to do about it
 * @param code what kind of error it is. Default `"invalid-argument"`
 */
export function fail(who: string, what: string, code?: ErrorCode): never {
  throw new HookeError(`${who}: ${what}`, code === undefined ? {} : { code });
}
