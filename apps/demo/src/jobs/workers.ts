// The workers of a page: one answers its questions and has its runs, and others join it while several runs compute.
import type { Reply, Request } from "./messages.ts";

/** What is told of a run. */
export type RunReply = Extract<Reply, { type: "standing" | "ended" }>;

/** A run that computes. */
export interface Running {
  /** It ends as soon as it can, and tells so. */
  pause(): void;
}

/** The workers of a page. */
export interface Workers {
  run(request: Omit<Extract<Request, { type: "run" }>, "type">, tell: (reply: RunReply) => void): Running;
  /** @throws what answers it throws, by its message */
  ask(question: string, given: readonly unknown[]): Promise<unknown>;
}

interface Idle {
  readonly worker: Worker;
  tell: ((reply: RunReply) => void) | undefined;
}

type Asked = { resolve(value: unknown): void; reject(error: Error): void };

/** @param make starts the page's worker, which {@link serve}s */
export function workersOf(make: () => Worker): Workers {
  const all: Idle[] = [];
  const asked = new Map<number, Asked>();
  let questions = 0;

  const drop = (each: Idle): void => {
    each.worker.terminate();
    all.splice(all.indexOf(each), 1);
  };

  function hire(): Idle {
    const each: Idle = { worker: make(), tell: undefined };
    each.worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (data.type === "answer") settle(data.id)?.resolve(data.value);
      else if (data.type === "refusal") settle(data.id)?.reject(new Error(data.message));
      else {
        const { tell } = each;
        if (data.type === "ended") {
          each.tell = undefined;
          if (each !== all[0]) drop(each);
        }
        tell?.(data);
      }
    };
    each.worker.onerror = (event) => {
      const error = `The worker stopped: ${event.message}. Reload the page; what was kept is not lost.`;
      drop(each);
      each.tell?.({ type: "ended", kept: undefined, error });
      for (const id of asked.keys()) settle(id)?.reject(new Error(error));
    };
    all.push(each);
    return each;
  }

  function settle(id: number): Asked | undefined {
    const found = asked.get(id);
    asked.delete(id);
    return found;
  }

  return {
    run(request, tell) {
      const each = all.find((one) => one.tell === undefined) ?? hire();
      each.tell = tell;
      each.worker.postMessage({ type: "run", ...request } satisfies Request);
      return { pause: () => each.worker.postMessage({ type: "pause" } satisfies Request) };
    },
    ask(question, given) {
      const { worker } = all[0] ?? hire();
      const id = questions++;
      worker.postMessage({ type: "ask", id, question, given } satisfies Request);
      return new Promise((resolve, reject) => asked.set(id, { resolve, reject }));
    },
  };
}
