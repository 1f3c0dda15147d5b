// A figure made of controls, a task that is computed again when they change, and what is drawn of its results.
import type { Figure } from "@hooke/report";
import { type Shown as Drawn, showFigure } from "@hooke/report/browser";
import type { Control, Shown } from "./controls.ts";
import { inWorker } from "./in-worker.ts";
import type { Mounted } from "./mount.ts";
import { style } from "./style.ts";
import type { Result, Settings, TaskName } from "./tasks.ts";

/** A figure whose settings are what its task is computed from. */
export interface LiveFigure<Name extends TaskName> {
  readonly task: Name;
  /** A control for each setting, in the order they stand in. */
  readonly controls: { readonly [Key in keyof Settings<Name>]: Control<Settings<Name>[Key]> };
  /** What is drawn of a result: as many figures each time. */
  draw(result: Result<Name>, settings: Settings<Name>): readonly Figure[];
}

/** Puts it into an element, in place of what it contains. */
export function liveFigure<Name extends TaskName>(
  element: HTMLElement,
  { task, controls, draw }: LiveFigure<Name>,
): Mounted {
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];

  const form = document.createElement("form");
  form.addEventListener("submit", (event) => event.preventDefault());
  const status = document.createElement("p");
  status.className = "status";
  status.role = "status";
  const drawings = document.createElement("div");
  drawings.className = "drawings";

  const inputs = Object.entries<Control<unknown>>(controls).map(
    ([name, control]) => [name, control(ask)] as readonly [string, Shown<unknown>],
  );
  form.append(...inputs.map(([, { element }]) => element));
  root.replaceChildren(form, status, drawings);
  const settings = () => Object.fromEntries(inputs.map(([name, { value }]) => [name, value()])) as Settings<Name>;

  const drawn: Drawn<Figure>[] = [];
  let turn = Promise.resolve();
  let removed = false;
  const show = (figures: readonly Figure[]): void => {
    // One after the other: the first result makes what later ones update.
    turn = turn.then(async () => {
      for (const [i, figure] of figures.entries()) {
        if (removed) return;
        const before = drawn[i];
        if (before) await before.update(figure);
        else drawn.push(await showFigure(drawings.appendChild(document.createElement("div")), figure));
      }
    });
  };
  const worker = inWorker(task, {
    show(result, last) {
      element.ariaBusy = String(!last);
      status.textContent = "";
      show(draw(result, settings()));
    },
    fail(message) {
      element.ariaBusy = "false";
      status.textContent = message;
    },
  });
  function ask(): void {
    element.ariaBusy = "true";
    worker.ask(settings());
  }
  ask();
  return {
    remove() {
      removed = true;
      worker.remove();
      for (const one of drawn) one.remove();
      root.replaceChildren();
    },
  };
}
