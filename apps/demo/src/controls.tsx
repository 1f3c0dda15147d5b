// The settings and the buttons that act on them.
import { useSignal } from "@preact/signals";
import { backends, change, pause, progress, reset, settings, start } from "./session.ts";
import { accepts, activationNames, type NumberName, ranges, type Settings, toHash } from "./settings.ts";

const labels: Readonly<Record<NumberName, string>> = {
  width: "Hidden width",
  depth: "Hidden layers",
  learningRate: "Learning rate",
  weightDecay: "Weight decay",
  epochs: "Epochs",
  seed: "Seed",
};

export function Controls() {
  const copied = useSignal("");
  const { state } = progress.value;
  const now = settings.value;
  const locked = state === "running" || state === "paused";
  const set = (part: Partial<Settings>) => change({ ...now, ...part });
  const share = async () => {
    history.replaceState(null, "", toHash(now));
    try {
      await navigator.clipboard.writeText(location.href);
      copied.value = "Link copied.";
    } catch {
      copied.value = "Copy the address of this page: it holds the settings.";
    }
  };
  const unavailable = backends.value.flatMap((status) => (status.available ? [] : [status]));
  return (
    <form
      aria-label="Settings"
      onSubmit={(event) => {
        event.preventDefault();
        if (state === "running") pause();
        else start();
      }}
    >
      <label>
        Backend
        <select value={now.backend} disabled={locked} onChange={(event) => set({ backend: event.currentTarget.value })}>
          {backends.value.map(({ name, available }) => (
            <option key={name} value={name} disabled={!available}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {unavailable.map(({ name, reason, cure }) => (
        <p key={name}>{`${name} is unavailable: ${reason}. ${cure}`}</p>
      ))}
      <label>
        Activation
        <select
          value={now.activation}
          disabled={locked}
          onChange={({ currentTarget }) =>
            set({ activation: activationNames.find((name) => name === currentTarget.value)! })
          }
        >
          {activationNames.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {(Object.keys(labels) as NumberName[]).map((name) => (
        <label key={name}>
          {labels[name]}
          <input
            name={name}
            type="number"
            step={ranges[name][2] ? 1 : "any"}
            min={ranges[name][0]}
            max={ranges[name][1]}
            required
            value={now[name]}
            disabled={locked}
            onChange={({ currentTarget }) => {
              if (currentTarget.reportValidity() && accepts(name, currentTarget.valueAsNumber)) {
                set({ [name]: currentTarget.valueAsNumber });
              }
            }}
          />
        </label>
      ))}
      <div class="buttons">
        <button class="main" type="submit" disabled={state === "finished"}>
          {state === "running" ? "Pause" : state === "paused" ? "Resume" : "Start"}
        </button>
        <button type="button" onClick={reset} disabled={state === "idle"}>
          Reset
        </button>
      </div>
      <button type="button" onClick={share}>
        Copy link
      </button>
      <p role="status">{copied}</p>
    </form>
  );
}
