// The one error class of Hooke: who speaks, what was received, what to do next.

/**
 * An error a person can act on. The message starts with the part that speaks (a function, a layer path, a file),
 * says what it received and ends with what to do.
 */
export class HookeError extends Error {
  override readonly name = "HookeError";
}

/**
 * Throws a {@link HookeError} saying `who: what`.
 *
 * @param who the speaking part, e.g. `"dense"` or a layer path
 * @param what what was received and what to do about it
 */
export function fail(who: string, what: string): never {
  throw new HookeError(`${who}: ${what}`);
}
