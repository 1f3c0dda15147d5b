// The training at a glance: the buttons that move it, and how it stands.
import { Standing } from "./frame.tsx";
import { decimals, duration } from "./readings.ts";
import { choice, kept, progress, reset, settings } from "./session.ts";
import { toHash } from "./settings.ts";

/** The settings' form: its submission starts and pauses. */
export const formId = "settings";

export const mainButtonId = "main-button";

const labels = { idle: "Start", running: "Pause", paused: "Resume", finished: "Start", diverged: "Start" };

/** Whether the main button does something: a training that has ended only starts anew after Reset. */
export const movable = (): boolean => !["finished", "diverged"].includes(progress.value.state);

/** What the buttons would do, where that needs saying. */
function advice(): string {
  const { state, curves } = progress.value;
  const epoch = `${curves.validation.length} of ${settings.value.epochs}`;
  const hash = toHash(settings.value);
  const time = kept.value.find((training) => toHash(training.settings) === hash)?.time;
  const since =
    time === undefined
      ? ""
      : `, kept ${new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })}`;
  if (state === "paused") return `Resume goes on after epoch ${epoch}${since}.`;
  if (state === "finished") return "Reset forgets this training, to start it anew.";
  if (state === "diverged") return "Lower the learning rate, or Reset to start anew.";
  return "";
}

function Readings() {
  const { state, step, steps, stepsPerSecond, curves, digest } = progress.value;
  const epoch = curves.validation.length;
  const words = {
    idle: "Ready",
    running: "Training",
    paused: "Paused",
    finished: "Finished",
    diverged: `Diverged at epoch ${epoch}`,
  };
  const moving = state === "running" && stepsPerSecond > 0;
  const loss = curves.validation.at(-1);
  const readings = {
    Epoch: `${epoch} of ${settings.value.epochs}`,
    "Validation loss": loss === undefined ? "–" : decimals(loss, 4),
    Step: step.toLocaleString("en"),
    "Steps per second": moving ? Math.round(stepsPerSecond).toLocaleString("en") : "–",
    "Time left": moving ? duration((steps - step) / stepsPerSecond) : "–",
    Backend: choice.value?.name ?? "–",
    Checkpoint: digest.slice(0, 8) || "–",
  };
  return <Standing state={words[state]} readings={readings} label="Training progress" completed={step} total={steps} />;
}

export function Run() {
  const { state } = progress.value;
  // A button that does nothing now stays focusable: disabling it would take the focus off the page.
  return (
    <section class="run" aria-label="Training">
      <div>
        <div class="buttons">
          <button class="main" type="submit" form={formId} id={mainButtonId} aria-disabled={!movable()}>
            {labels[state]}
          </button>
          <button type="button" onClick={() => state !== "idle" && reset()} aria-disabled={state === "idle"}>
            Reset
          </button>
        </div>
        <p class="advice">{advice()}</p>
      </div>
      <Readings />
    </section>
  );
}
