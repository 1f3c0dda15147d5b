// A page's task: what can be set, the run that belongs to the settings of the address, and the worker that computes it.
import type { BackendStatus, Choice, DType } from "@hooke/runtime";
import { computed, effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { address, addressOf, replaceAddress } from "../shell/address.ts";
import { computing, describe, type Fields, fromQuery, initialOf, type SettingsOf, toQuery } from "../shell/settings.ts";
import { forget, forgetError, type Job, jobOf, pause, refresh, start } from "./jobs.ts";
import { type Workers, workersOf } from "./workers.ts";

/** Questions of a worker, by name. */
// biome-ignore lint/suspicious/noExplicitAny: functions of any plain data.
type Questions = Readonly<Record<string, (...given: any[]) => unknown>>;

export interface TaskDefinition<F extends Fields> {
  /** The page's name. */
  readonly page: string;
  readonly fields: F;
  readonly worker: () => Worker;
  /** Element types that it computes with. A backend without one of them cannot be chosen. */
  readonly dtypes: readonly DType[];
}

/** A task on the page. */
export interface Task<F extends Fields = Fields, Shown = unknown, Q extends Questions = Questions> {
  readonly page: string;
  readonly fields: F;
  /** Of the address while the page is shown; the last ones while it is not. */
  readonly settings: ReadonlySignal<SettingsOf<F>>;
  /** The run of the settings. */
  readonly job: ReadonlySignal<Job<Shown>>;
  readonly dtypes: readonly DType[];
  readonly backends: ReadonlySignal<readonly BackendStatus[]>;
  /** Which backend computes with these settings, and why. */
  readonly choice: ReadonlySignal<Choice | undefined>;
  /** What the page has done on its own account, or what is wrong. */
  readonly notice: Signal<string>;
  readonly error: Signal<string>;
  /** Takes settings over, in the page and in the address. */
  change(part: Partial<SettingsOf<F>>): void;
  /** Takes over what sliders are at; {@link show} writes it into the address. */
  look(part: Partial<SettingsOf<F>>): void;
  /** Writes the settings into the address. */
  show(): void;
  /** Begins the run of the settings, or goes on with it. */
  start(): void;
  /** The same with settings of an address, whatever page is shown. */
  startAt(query: string): void;
  pause(): void;
  reset(): void;
  ask<Name extends keyof Q & string>(
    question: Name,
    ...given: Parameters<Q[Name]>
  ): Promise<Awaited<ReturnType<Q[Name]>>>;
}

/**
 * Defines a page's task.
 *
 * The worker's questions include `backends` and `choice(settings)`, which `../backends/registry.ts` answers.
 */
export function defineTask<F extends Fields, Shown, Q extends Questions>(
  definition: TaskDefinition<F>,
): Task<F, Shown, Q> {
  const { page, fields, dtypes } = definition;
  const workers: Workers = workersOf(definition.worker);
  const settings = signal(initialOf(fields));
  const backends = signal<readonly BackendStatus[]>([]);
  const choice = signal<Choice | undefined>(undefined);
  const [notice, error] = [signal(""), signal("")];
  const named = computing(fields);
  const nameOf = (of: SettingsOf<F>): string => toQuery(named, of);
  const jobFor = (of: SettingsOf<F>): Signal<Job> => jobOf(page, nameOf(of), describe(named, of));
  const handle = computed(() => jobFor(settings.value));
  const job = computed(() => handle.value.value as Job<Shown>);
  const show = (): void => replaceAddress(page, toQuery(fields, settings.peek()));
  const ask = (question: string, ...given: unknown[]) => workers.ask(question, given);

  const isProvided = (name: string): boolean => name === "auto" || backends.peek().some((each) => each.name === name);

  /** Puts `auto` for a backend there is not, once it is known which there are. */
  function provided(next: SettingsOf<F>): SettingsOf<F> {
    const { backend } = next as { readonly backend?: string };
    if (backend === undefined || backends.peek().length === 0 || isProvided(backend)) return next;
    const names = backends.peek().map(({ name }) => name);
    notice.value = `There is no backend "${backend}" here, only ${names.join(" and ")}: auto chooses one.`;
    return { ...next, backend: "auto" };
  }

  /** Shows other settings, and asks which backend computes with them. */
  function open(given: SettingsOf<F>): void {
    notice.value = "";
    const next = provided(given);
    if (nameOf(next) !== nameOf(settings.peek())) forgetError(handle.peek());
    if (toQuery(fields, next) !== toQuery(fields, settings.peek())) settings.value = next;
    if (next !== given) show();
    error.value = "";
    void refresh();
    if (backends.peek().length > 0) void choose();
  }

  async function choose(): Promise<void> {
    const asked = settings.peek();
    const isCurrent = (): boolean => nameOf(asked) === nameOf(settings.peek());
    try {
      const chosen = (await ask("choice", asked)) as Choice;
      if (isCurrent()) choice.value = chosen;
    } catch (thrown) {
      if (isCurrent()) error.value = (thrown as Error).message;
    }
  }

  async function begin(): Promise<void> {
    try {
      backends.value = (await ask("backends")) as readonly BackendStatus[];
      open(settings.peek());
    } catch (thrown) {
      error.value = (thrown as Error).message;
    }
  }

  effect(() => {
    const { page: shown, query } = address.value;
    if (shown !== page) return;
    untracked(() => {
      const now = settings.peek();
      if (query !== toQuery(fields, now)) open(fromQuery(fields, query, now));
    });
  });
  void begin();

  return {
    ...{ page, fields, dtypes, settings, job, backends, choice, notice, error, show },
    change(part) {
      open({ ...settings.peek(), ...part });
      show();
    },
    look(part) {
      settings.value = { ...settings.peek(), ...part };
    },
    start() {
      notice.value = error.value = "";
      show();
      start(handle.peek(), settings.peek(), workers);
    },
    startAt(query) {
      const given = fromQuery(fields, query);
      start(jobFor(given), given, workers);
    },
    pause: () => pause(job.peek()),
    reset() {
      notice.value = error.value = "";
      void forget(job.peek());
    },
    ask: ask as Task<F, Shown, Q>["ask"],
  };
}

/** Where a page is found again as it was left. */
export const linkTo = <F extends Fields>({ page, fields, settings }: Task<F>): string =>
  `#${addressOf(page, toQuery(fields, settings.value))}`;
