// What a reader sets a figure with: native inputs, each with its label and its value.

/** An input on the page. */
export interface Shown<Value> {
  readonly element: HTMLElement;
  value(): Value;
}

/** An input to be: makes itself, and calls `changed` when the reader has set it. */
export type Control<Value> = (changed: () => void) => Shown<Value>;

let count = 0;

function labelled(text: string, input: HTMLElement, ...more: HTMLElement[]): HTMLElement {
  const label = document.createElement("label");
  input.id = `figure-input-${++count}`;
  label.htmlFor = input.id;
  label.textContent = text;
  const element = document.createElement("div");
  element.className = "control";
  element.append(label, input, ...more);
  return element;
}

/** One of several texts. */
export function choice<const Value extends string>(
  label: string,
  options: Readonly<Record<Value, string>>,
  first: NoInfer<Value>,
): Control<Value> {
  return (changed) => {
    const select = document.createElement("select");
    for (const [value, text] of Object.entries<string>(options)) select.append(new Option(text, value));
    select.value = first;
    select.addEventListener("change", changed);
    return { element: labelled(label, select), value: () => select.value as Value };
  };
}

/** What a slider goes through. */
export interface Steps {
  readonly from: number;
  readonly to: number;
  /** Default 1. */
  readonly step?: number;
  /** Where it starts. */
  readonly value: number;
  /** How its value is written. Default: as it is. */
  readonly write?: (value: number) => string;
}

/** A number. */
export function slider(label: string, { from, to, step = 1, value, write = String }: Steps): Control<number> {
  return (changed) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "range", min: from, max: to, step, value });
    const output = document.createElement("output");
    const say = (): void => {
      output.textContent = write(input.valueAsNumber);
      input.setAttribute("aria-valuetext", output.textContent);
    };
    input.addEventListener("input", () => {
      say();
      changed();
    });
    const element = labelled(label, input, output);
    output.htmlFor.add(input.id);
    say();
    return { element, value: () => input.valueAsNumber };
  };
}

/** Yes or no. */
export function checkbox(label: string, first: boolean): Control<boolean> {
  return (changed) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "checkbox", checked: first });
    input.addEventListener("change", changed);
    return { element: labelled(label, input), value: () => input.checked };
  };
}
