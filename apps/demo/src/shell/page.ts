// What a page of the workbench is.
import type { ReadonlySignal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import type { Task } from "../jobs/task.ts";

/** The default export of `pages/NAME/page.tsx`. */
export interface Page {
  /** What one sees and learns here, in a few words. */
  readonly heading: string;
  /** What it does, in a sentence or two. */
  readonly about: string;
  /** What can be set and computed; none where nothing is kept of what the page computes. */
  // biome-ignore lint/suspicious/noExplicitAny: a task of any fields.
  readonly task?: Task<any, any, any>;
  /** Of a page without a task: where it is found again as it was left. */
  readonly link?: ReadonlySignal<string>;
  /** Everything below the heading. */
  readonly Body: FunctionComponent;
}
