// What was answered to the latest question, and why it was not.
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

/** Answers to a question that changes. */
export interface Latest<Answer> {
  /** The last answer that there was; undefined before there is one, and while nothing is asked. */
  readonly answer: ReadonlySignal<Answer | undefined>;
  /** Why the latest question has no answer; empty while it may have one. */
  readonly failed: ReadonlySignal<string>;
  /** Asks no more. */
  readonly end: () => void;
}

/**
 * Asks again whenever a signal changes that the question reads before it waits. What comes late, of a question before, is let go: answers and failures alike.
 *
 * @param ask undefined while there is nothing to ask
 */
export function latest<Answer>(ask: () => Promise<Answer> | undefined): Latest<Answer> {
  const answer = signal<Answer | undefined>(undefined);
  const failed = signal("");
  const end = effect(() => {
    let isLatest = true;
    const asked = ask();
    if (asked === undefined) {
      answer.value = undefined;
      failed.value = "";
    }
    asked?.then(
      (said) => {
        if (!isLatest) return;
        answer.value = said;
        failed.value = "";
      },
      (error: Error) => {
        if (isLatest) failed.value = error.message;
      },
    );
    return () => {
      isLatest = false;
    };
  });
  return { answer, failed, end };
}

/** The same as long as a component is shown, which reads nothing else that changes. */
export function useLatest<Answer>(ask: () => Promise<Answer> | undefined): Latest<Answer> {
  const found = useMemo(() => latest(ask), []);
  useEffect(() => found.end, []);
  return found;
}
