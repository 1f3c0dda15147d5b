// A figure in a page: what puts it there, and what takes it away.

/** A figure in a page. */
export interface Mounted {
  /** Stops what computes and takes the figure away. */
  remove(): void;
}

/** Puts a figure into an element, in place of what it contains. */
export type Mount = (element: HTMLElement) => Mounted;
