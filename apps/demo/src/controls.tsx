// The settings and the buttons that act on them.
import { useSignal } from "@preact/signals";
import { bytes } from "./readings.ts";
import { backends, change, choice, pause, progress, reset, settings, start } from "./session.ts";
import { accepts, activationNames, type NumberName, ranges, type Settings, toHash } from "./settings.ts";

const labels: Readonly<Record<NumberName, string>> = {
  width: "Hidden width",
  depth: "Hidden layers",
  learningRate: "Learning rate",
  weightDecay: "Weight decay",
  epochs: "Epochs",
  seed: "Seed",
};

/** Every backend with its device, or why it is unavailable and what cures that. */
function Devices() {
  return (
    <details class="devices">
      <summary>Backends of this browser</summary>
      {choice.value && <p>{`Chosen: ${choice.value.name} (${choice.value.reason}).`}</p>}
      <dl>
        {backends.value.map((status) => (
          <div key={status.name}>
            <dt>{status.name}</dt>
            <dd>
              {status.available
                ? `${status.device}${status.memory ? `; ${status.memory.of}: ${bytes(status.memory.bytes)}` : ""}`
                : `Unavailable: ${status.reason}. ${status.cure}`}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

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
          <option value="auto">auto: the fastest</option>
          {backends.value.map(({ name, available }) => (
            <option key={name} value={name} disabled={!available}>
              {available ? name : `${name} (unavailable)`}
            </option>
          ))}
        </select>
      </label>
      <Devices />
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
      <div class="numbers">
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
      </div>
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
