// How most pages are laid out: what moves the run and how it stands on top, settings beside figures below.
import type { ComponentChildren } from "preact";
import type { Job } from "../jobs/jobs.ts";
import type { Task } from "../jobs/task.ts";
import { formId, SettingsForm } from "./fields.tsx";
import { Message } from "./message.tsx";

const mainButtonId = "main-button";

const labels: Readonly<Record<Job["state"], string>> = {
  ready: "Start",
  running: "Pause",
  paused: "Resume",
  finished: "Start",
  failed: "Start",
};

interface BenchProps<Shown> {
  // biome-ignore lint/suspicious/noExplicitAny: a task of any fields and questions.
  readonly task: Task<any, Shown, any>;
  /** What is computed: `"Training"`. */
  readonly work: string;
  /** What the state is called where it is more than ready, paused or finished. */
  readonly state?: string;
  /** Numbers by name. */
  readonly readings: Readonly<Record<string, string>>;
  /** Where it goes on from, when it is paused: `"epoch 3 of 200"`. */
  readonly from: string;
  /** What to do where it failed. */
  readonly cure: string;
  /** What is missing before it can start; empty where nothing is. */
  readonly missing?: string;
  /** Controls of the settings that are text. */
  readonly controls?: ComponentChildren;
  /** The figures. */
  readonly children: ComponentChildren;
}

/** Whether the main button does something: a run that has ended only starts anew after Reset. */
const isMovable = ({ state }: Job): boolean => state !== "finished" && state !== "failed";

/** What the buttons would do, where that needs saying. */
function adviceOf({ state, time }: Job, from: string, cure: string): string {
  const kept = time && new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
  if (state === "paused") return `Resume goes on after ${from}${kept ? `, kept ${kept}` : ""}.`;
  if (state === "finished") return "Reset forgets this run, to start it anew.";
  return state === "failed" ? `${cure}, or Reset to start anew.` : "";
}

export function Bench<Shown>(props: BenchProps<Shown>) {
  const { task, work, state, readings, from, cure, missing = "", controls, children } = props;
  const job = task.job.value;
  const { done, total, error } = job;
  const words = { ready: "Ready", running: work, paused: "Paused", finished: "Finished", failed: "Failed" };
  const canMove = (of: Job): boolean => isMovable(of) && (missing === "" || of.state === "running");
  const movable = canMove(job);
  const move = (): void => {
    // Enter in a field changes a setting just before: the run that belongs to it is not drawn yet.
    const now = task.job.peek();
    if (!canMove(now)) return;
    // Enter in a field starts too, and running disables the field.
    document.getElementById(mainButtonId)!.focus();
    if (now.state === "running") task.pause();
    else task.start();
  };
  // A button that does nothing now stays focusable: disabling it would take the focus off the page.
  return (
    <>
      <Message words={task.error.value || error} error />
      <Message words={task.notice.value} />
      <section class="run" aria-label={work}>
        <div>
          <div class="buttons">
            <button class="main" type="submit" form={formId} id={mainButtonId} aria-disabled={!movable}>
              {labels[job.state]}
            </button>
            <button
              type="button"
              onClick={() => job.state !== "ready" && task.reset()}
              aria-disabled={job.state === "ready"}
            >
              Reset
            </button>
          </div>
          <p class="advice">{missing || adviceOf(job, from, cure)}</p>
        </div>
        <dl class="readings">
          <div class="state">
            <dt>State</dt>
            <dd>
              <span role="status" id="state">
                {state ?? words[job.state]}
              </span>
            </dd>
          </div>
          {Object.entries(readings).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <progress aria-label={`${work}: progress`} max={Math.max(1, total)} value={done} />
      </section>
      <div class="bench">
        <SettingsForm task={task} submit={move}>
          {controls}
        </SettingsForm>
        <section class="figures" aria-label="Figures">
          {children}
        </section>
      </div>
    </>
  );
}
