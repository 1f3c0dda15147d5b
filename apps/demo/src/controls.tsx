// The settings, the backends of this browser, and the trainings that are kept.
import { signal, useSignal } from "@preact/signals";
import { bytes } from "./readings.ts";
import { formId, mainButtonId, movable } from "./run.tsx";
import { backends, change, choice, kept, pause, running, settings, start } from "./session.ts";
import {
  accepts,
  activations,
  difference,
  labels,
  type NumberName,
  ranges,
  type Settings,
  toHash,
} from "./settings.ts";

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

function BackendSelect({ locked, set }: { readonly locked: boolean; set(part: Partial<Settings>): void }) {
  const now = settings.value.backend;
  const listed = now === "auto" || backends.value.some(({ name }) => name === now);
  return (
    <label>
      {labels.backend}
      <select value={now} disabled={locked} onChange={({ currentTarget }) => set({ backend: currentTarget.value })}>
        <option value="auto">auto: the fastest</option>
        {!listed && <option>{now}</option>}
        {backends.value.map(({ name, available }) => (
          <option key={name} value={name} disabled={!available}>
            {available ? name : `${name} (unavailable)`}
          </option>
        ))}
      </select>
    </label>
  );
}

function NumberField({ name, locked, set }: { name: NumberName; locked: boolean; set(part: Partial<Settings>): void }) {
  const [min, max, whole] = ranges[name];
  return (
    <label>
      {labels[name]}
      <input
        type="number"
        step={whole ? 1 : "any"}
        required
        value={settings.value[name]}
        disabled={locked}
        {...{ name, min, max }}
        onChange={({ currentTarget }) => {
          if (currentTarget.reportValidity() && accepts(name, currentTarget.valueAsNumber)) {
            set({ [name]: currentTarget.valueAsNumber });
          }
        }}
      />
    </label>
  );
}

function Share() {
  const copied = useSignal("");
  const share = async () => {
    history.replaceState(null, "", toHash(settings.value));
    try {
      await navigator.clipboard.writeText(location.href);
      copied.value = "Link copied.";
    } catch {
      copied.value = "Copy the address of this page: it holds the settings.";
    }
  };
  return (
    <div>
      <button type="button" onClick={share}>
        Copy link
      </button>
      <p role="status">{copied}</p>
    </div>
  );
}

/** Links to the trainings of other settings, while nothing runs. */
function Kept() {
  const hash = toHash(settings.value);
  const others = kept.value.filter((training) => toHash(training.settings) !== hash);
  if (running.value || others.length === 0) return null;
  return (
    <nav class="kept" aria-labelledby="kept">
      <h2 id="kept">Kept trainings</h2>
      <ul>
        {others.map(({ settings: those, outcome, epoch }) => (
          <li key={toHash(those)}>
            <a href={toHash(those)}>{difference(those, settings.value)}</a>
            <span>{`${outcome} at epoch ${epoch} of ${those.epochs}`}</span>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Open where there is room for it; on a phone the settings would push what moves off the screen. */
const room = matchMedia("(min-width: 801px)");
const open = signal(room.matches);
room.addEventListener("change", ({ matches }) => {
  open.value = matches;
});

export function Controls() {
  const locked = running.value;
  const set = (part: Partial<Settings>) => change({ ...settings.value, ...part });
  return (
    <details class="settings" open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>Settings</summary>
      <form
        aria-label="Settings"
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          if (!movable()) return;
          // Enter in a field starts too, and running disables the field.
          document.getElementById(mainButtonId)!.focus();
          if (locked) pause();
          else start();
        }}
      >
        <BackendSelect locked={locked} set={set} />
        <Devices />
        <label>
          {labels.activation}
          <select
            value={settings.value.activation}
            disabled={locked}
            onChange={({ currentTarget }) =>
              set({ activation: activations.find((name) => name === currentTarget.value)! })
            }
          >
            {activations.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <div class="numbers">
          {(Object.keys(ranges) as NumberName[]).map((name) => (
            <NumberField key={name} name={name} locked={locked} set={set} />
          ))}
        </div>
        <Share />
      </form>
      <Kept />
    </details>
  );
}
