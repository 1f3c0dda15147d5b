// A slider of a task: what is looked at, moved while the run computes, in the address once it is let go.
import type { Task } from "../jobs/task.ts";
import type { SliderField } from "./settings.ts";

interface SliderProps {
  // biome-ignore lint/suspicious/noExplicitAny: a task of any fields and questions.
  readonly task: Task<any, any, any>;
  readonly name: string;
  /** The largest number there is now. */
  readonly most: number;
  /** What it is at, in words. */
  readonly words: string;
}

export function Slider({ task, name, most, words }: SliderProps) {
  const { label, least } = task.fields[name] as SliderField;
  return (
    <label class="slider">
      <span class="named">
        {label}
        <span class="value">{words}</span>
      </span>
      <input
        type="range"
        {...{ name, min: least, max: most, value: task.settings.value[name] }}
        aria-valuetext={words}
        onInput={({ currentTarget }) => task.look({ [name]: currentTarget.valueAsNumber })}
        onChange={() => task.show()}
      />
    </label>
  );
}
