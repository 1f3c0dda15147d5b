// Errors inside of a function that a user wrote say whose function it is.
import { HookeError } from "@hooke/runtime";

/** Runs `body`; what it throws begins with `who`. */
export function told<R>(who: string, body: () => R): R {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof HookeError)) throw error;
    throw new HookeError(`${who}: ${error.message}`, { code: error.code, cause: error });
  }
}
