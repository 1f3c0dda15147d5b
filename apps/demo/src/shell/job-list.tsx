// The list of jobs: what computes and what is kept, of every page, with what moves it.
import { useRef } from "preact/hooks";
import { forget, type Job, jobs, pause } from "../jobs/jobs.ts";
import { pageOf, pages } from "./pages.ts";

const words: Readonly<Record<Job["state"], string>> = {
  ready: "ready",
  running: "computing",
  paused: "paused",
  finished: "finished",
  failed: "failed",
};

async function goOn({ page, address }: Job): Promise<void> {
  const { task } = await pageOf(pages.find(({ name }) => name === page)!);
  task?.startAt(address.slice(page.length + 1));
}

interface RowProps {
  readonly job: Job;
  close(): void;
  /** Takes the focus over from what is about to go. */
  focus(): void;
}

function Row({ job, close, focus }: RowProps) {
  const { state, done, total } = job;
  const entry = pages.find(({ name }) => name === job.page);
  if (entry === undefined) return null;
  const share = `${Math.floor((100 * done) / Math.max(1, total))} %`;
  const name = `${entry.title}, ${job.title}`;
  return (
    <li>
      <a href={`#${job.address}`} onClick={close}>
        <strong>{entry.title}</strong> {job.title}
      </a>
      <span class="how">{state === "finished" ? words[state] : `${words[state]} at ${share}`}</span>
      <progress aria-label={`Progress of ${name}`} max={Math.max(1, total)} value={done} />
      <div class="moves">
        {(state === "running" || state === "paused") && (
          <button
            type="button"
            aria-label={`${state === "running" ? "Pause" : "Resume"} ${name}`}
            onClick={() => (state === "running" ? pause(job) : goOn(job))}
          >
            {state === "running" ? "Pause" : "Resume"}
          </button>
        )}
        <button
          type="button"
          aria-label={`${state === "running" ? "Cancel" : "Remove"} ${name}`}
          onClick={() => {
            focus();
            void forget(job);
          }}
        >
          {state === "running" ? "Cancel" : "Remove"}
        </button>
      </div>
    </li>
  );
}

export function JobList() {
  const place = useRef<HTMLDetailsElement>(null);
  const computing = jobs.value.filter(({ state }) => state === "running").length;
  const close = (): void => {
    place.current!.open = false;
  };
  const focus = (): void => place.current!.querySelector("summary")!.focus();
  return (
    <details
      class="jobs"
      ref={place}
      onKeyDown={({ key }) => {
        if (key !== "Escape") return;
        close();
        focus();
      }}
    >
      <summary>
        Jobs
        {computing > 0 && <span class="count">{`${computing} computing`}</span>}
      </summary>
      <section aria-label="Jobs">
        {jobs.value.length === 0 ? (
          <p>
            Nothing has been started. What computes goes on while you look at other pages, and is kept in this browser.
          </p>
        ) : (
          <ul>
            {jobs.value.map((job) => (
              <Row key={job.address} {...{ job, close, focus }} />
            ))}
          </ul>
        )}
      </section>
    </details>
  );
}
