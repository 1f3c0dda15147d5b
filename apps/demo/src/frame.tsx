// What the pages have in common: their frame, and how a run stands.
import type { ComponentChildren } from "preact";

/** Something to be told of; nothing where there are no words. */
export function Message({ words, error = false }: { readonly words: string; readonly error?: boolean }) {
  if (words === "") return null;
  return (
    <p class={error ? "message error" : "message"} role="alert">
      {words}
    </p>
  );
}

interface FrameProps {
  readonly title: string;
  /** What the page does. */
  readonly about: string;
  readonly error: string;
  /** The other page. */
  readonly other: { readonly href: string; readonly title: string };
  readonly children: ComponentChildren;
}

export function Frame({ title, about, error, other, children }: FrameProps) {
  return (
    <main>
      <h1>{title}</h1>
      <p>{about} Nothing leaves this page.</p>
      <Message words={error} error />
      {children}
      <footer>
        <a href={other.href}>{other.title}</a>
      </footer>
    </main>
  );
}

interface StandingProps {
  /** In words. */
  readonly state: string;
  readonly readings: Readonly<Record<string, string>>;
  /** What the bar is called. */
  readonly label: string;
  readonly completed: number;
  readonly total: number;
}

/** How a run stands: its state, numbers by name, how far it is. */
export function Standing({ state, readings, label, completed, total }: StandingProps) {
  return (
    <>
      <dl class="readings">
        <div class="state">
          <dt>State</dt>
          <dd>
            <span role="status" id="state">
              {state}
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
      <progress aria-label={label} max={Math.max(1, total)} value={completed} />
    </>
  );
}
