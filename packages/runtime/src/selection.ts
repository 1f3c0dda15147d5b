// Choosing a backend: the one that is named, or the one that should be fastest for the work at hand, with the reason in words.
import { fail } from "./error.ts";
import type { Availability, BackendFactory } from "./plugin.ts";
import { durationOf, type Work } from "./work.ts";

/** A backend and why it was chosen. */
export interface Choice {
  readonly name: string;
  /** In words: who asked for it, or what was expected of each backend. */
  readonly reason: string;
}

/** @throws where the backend is unavailable, with the reason and the cure */
export async function chooseNamed(factory: BackendFactory, reason: string): Promise<Choice> {
  const status = await factory.available();
  if (!status.available) fail(`backend ${factory.name}`, `is unavailable: ${status.reason}. ${status.cure}`);
  return { name: factory.name, reason };
}

/**
 * The available backend that should finish one run of this work first. One that states no speed is chosen only if no other is
 * available.
 *
 * @throws where none is available, with every reason and cure
 */
export async function chooseFastest(factories: readonly BackendFactory[], work: Work): Promise<Choice> {
  const found = await Promise.all(factories.map(async (factory) => ({ factory, status: await factory.available() })));
  const ranked = found
    .flatMap(({ factory: { name }, status }) => (status.available ? [{ name, ...expected(status, work) }] : []))
    .sort((a, b) => a.milliseconds - b.milliseconds);
  const [first] = ranked;
  const refusals = found.flatMap(({ factory: { name }, status }) =>
    status.available ? [] : [{ name, reason: status.reason, cure: status.cure }],
  );
  if (first === undefined) {
    return fail(
      "createRuntime",
      refusals.length === 0
        ? "no plugin provides a backend; add one, e.g. wasm of @hooke/backend-wasm, to plugins."
        : `no backend is available. ${refusals.map(({ name, reason, cure }) => `${name}: ${reason}. ${cure}`).join(" ")}`,
    );
  }
  const reasons = [
    ...ranked.map(({ name, words }) => `${name}: ${words}`),
    ...refusals.map(({ name, reason }) => `${name}: unavailable, ${reason}`),
  ];
  return { name: first.name, reason: reasons.join("; ") };
}

function expected({ device, speed }: Extract<Availability, { available: true }>, work: Work) {
  if (speed === undefined) return { milliseconds: Number.POSITIVE_INFINITY, words: `of unknown speed on ${device}` };
  const milliseconds = durationOf(work, speed);
  return { milliseconds, words: `about ${Number(milliseconds.toPrecision(2))} ms a run on ${device}` };
}
