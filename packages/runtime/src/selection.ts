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

/** Whether a backend can run here. One that cannot even tell is unavailable; it takes no other down with it. */
export async function availabilityOf(factory: BackendFactory): Promise<Availability> {
  try {
    return await factory.available();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return {
      available: false,
      reason: `looking for it failed: ${said}`,
      cure: "That is a fault of the plugin that provides it.",
    };
  }
}

/**
 * @param reason who names it, in words
 * @throws where the backend is unavailable, with the reason and the cure
 */
export async function chooseNamed(factory: BackendFactory, reason: string): Promise<Choice> {
  const status = await availabilityOf(factory);
  const { name } = factory;
  if (!status.available)
    fail(`backend ${name}`, `is unavailable: ${status.reason}. ${status.cure} It is ${reason}.`, "unavailable");
  return { name, reason };
}

/**
 * The available backend that should finish one run of this work first. One that states no speed is chosen only if no other can
 * do it.
 *
 * @throws where none can, with every reason and cure
 */
export async function chooseFastest(factories: readonly BackendFactory[], work: Work): Promise<Choice> {
  const found = await Promise.all(
    factories.map(async (factory) => ({ factory, status: await availabilityOf(factory) })),
  );
  const refusals: { name: string; reason: string; cure: string }[] = [];
  const ranked: (Expected & { name: string })[] = [];
  for (const { factory, status } of found) {
    const { name } = factory;
    if (!status.available) {
      refusals.push({ name, reason: `unavailable, ${status.reason}`, cure: status.cure });
      continue;
    }
    const missing = work.dtypes.filter((dtype) => !status.dtypes.includes(dtype)).join(", ");
    if (missing === "") ranked.push({ name, ...expected(status, work) });
    else refusals.push({ name, reason: `does not run ${missing}`, cure: `It runs ${status.dtypes.join(", ")}.` });
  }
  ranked.sort((a, b) => a.milliseconds - b.milliseconds);
  const [first] = ranked;
  if (first === undefined) {
    return fail(
      "createRuntime",
      refusals.length === 0
        ? "no plugin provides a backend; add one, e.g. wasm of @hooke/backend-wasm, to plugins."
        : `no backend can do this. ${refusals.map(({ name, reason, cure }) => `${name}: ${reason}. ${cure}`).join(" ")}`,
      "unavailable",
    );
  }
  const reasons = [
    ...ranked.map(({ name, words }) => `${name}: ${words}`),
    ...refusals.map(({ name, reason }) => `${name}: ${reason}`),
  ];
  return { name: first.name, reason: reasons.join("; ") };
}

interface Expected {
  readonly milliseconds: number;
  readonly words: string;
}

function expected({ device, speed }: Extract<Availability, { available: true }>, work: Work): Expected {
  const launches = speed && work[speed.launches];
  if (!launches) return { milliseconds: Number.POSITIVE_INFINITY, words: `of unknown speed on ${device}` };
  const milliseconds = durationOf(work, speed);
  const said = `about ${Number(milliseconds.toPrecision(2))} ms a run of ${launches.count} ${speed.launches}`;
  return { milliseconds, words: `${said} on ${device}` };
}
