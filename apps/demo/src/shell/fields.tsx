// The form of a page's settings, made from their fields.
import { signal, useSignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Task } from "../jobs/task.ts";
import { BackendSelect, Devices } from "./backends.tsx";
import { accepts, type ChoiceField, type NumberField } from "./settings.ts";

/** The form's submission moves the run. */
export const formId = "settings";

interface Shared<Value> {
  readonly name: string;
  readonly value: Value;
  readonly locked: boolean;
  set(value: Value): void;
}

/** For an input that shows a value: written into it when the value changes, not whenever the page is drawn, as someone may be typing. */
export function useValue(value: string | number): RefObject<HTMLInputElement | null> {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    input.current!.value = String(value);
  }, [value]);
  return input;
}

function NumberInput({ name, field, value, locked, set }: Shared<number> & { readonly field: NumberField }) {
  const input = useValue(value);
  return (
    <label>
      {field.label}
      <input
        ref={input}
        type="number"
        step={field.whole ? 1 : "any"}
        required
        disabled={locked}
        {...{ name, min: field.least, max: field.most }}
        onChange={({ currentTarget }) => {
          if (currentTarget.reportValidity() && accepts(field, currentTarget.valueAsNumber)) {
            set(currentTarget.valueAsNumber);
          }
        }}
      />
    </label>
  );
}

function ChoiceInput({ name, field, value, locked, set }: Shared<string> & { readonly field: ChoiceField }) {
  return (
    <label>
      {field.label}
      <select {...{ name, value }} disabled={locked} onChange={({ currentTarget }) => set(currentTarget.value)}>
        {field.options.map((option) => (
          <option key={option} value={option}>
            {field.name?.(option) ?? option}
          </option>
        ))}
      </select>
    </label>
  );
}

function Share({ task }: { readonly task: Task }) {
  const copied = useSignal("");
  const share = async () => {
    task.show();
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

/** Open where there is room for it; on a phone the settings would push what moves off the screen. */
const room = matchMedia("(min-width: 801px)");
const open = signal(room.matches);
room.addEventListener("change", ({ matches }) => {
  open.value = matches;
});

interface SettingsProps {
  readonly task: Task;
  /** Of fields that are text: what they are is the page's. */
  readonly children?: ComponentChildren;
  /** What Enter in a field does. */
  submit(): void;
}

export function SettingsForm({ task, submit, children }: SettingsProps) {
  const { fields, dtypes, backends, choice } = task;
  const settings = task.settings.value as Readonly<Record<string, string | number>>;
  const locked = task.job.value.state === "running";
  const shared = (name: string) => ({ name, locked, set: (value: string | number) => task.change({ [name]: value }) });
  const entries = Object.entries(fields);
  return (
    <details class="settings" open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>Settings</summary>
      <form
        aria-label="Settings"
        id={formId}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {entries.map(([name, field]) => {
          if (field.type !== "backend") return null;
          const props = { label: field.label, value: settings[name] as string, backends: backends.value, dtypes };
          return (
            <>
              <BackendSelect {...props} {...shared(name)} />
              <Devices backends={backends.value} choice={choice.value} />
            </>
          );
        })}
        {children}
        {entries.map(([name, field]) =>
          field.type === "choice" ? (
            <ChoiceInput key={name} field={field} value={settings[name] as string} {...shared(name)} />
          ) : null,
        )}
        <div class="numbers">
          {entries.map(([name, field]) =>
            field.type === "number" ? (
              <NumberInput key={name} field={field} value={settings[name] as number} {...shared(name)} />
            ) : null,
          )}
        </div>
        <Share task={task} />
      </form>
    </details>
  );
}
