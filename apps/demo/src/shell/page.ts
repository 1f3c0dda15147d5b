// What a page of the workbench is.
import type { FunctionComponent } from "preact";
import type { Task } from "../jobs/task.ts";

/** The default export of `pages/NAME/page.tsx`. */
export interface Page {
  /** What one sees and learns here, in a few words. */
  readonly heading: string;
  /** What it does, in a sentence or two. */
  readonly about: string;
  /** What can be set and computed. */
  // biome-ignore lint/suspicious/noExplicitAny: a task of any fields.
  readonly task: Task<any, any, any>;
  /** Everything below the heading. */
  readonly Body: FunctionComponent;
}
