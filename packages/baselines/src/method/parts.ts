// Methods made of others: what the parts of a fit see of its context.
import { foldHost } from "@hooke/runtime";
import type { LearnContext } from "./method.ts";

/** The context of one of `count` equal parts of a fit: randomness of its own, progress as a share of the whole. */
export const partOf = (context: LearnContext, part: number, count: number, name: string): LearnContext => ({
  ...stepOf(context, part, count, name),
  key: foldHost(context.key, part),
});

/** The same with the randomness of the whole: a method in another learns what it would by itself. */
export function stepOf(context: LearnContext, part: number, count: number, name: string): LearnContext {
  return {
    ...context,
    pause: (progress) =>
      context.pause(() => {
        const { fraction, text } = progress();
        return { fraction: (part + fraction) / count, text: `${name} ${part + 1} of ${count}: ${text}` };
      }),
  };
}
