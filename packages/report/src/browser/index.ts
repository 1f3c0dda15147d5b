/**
 * Reports and figures, live in a page.
 *
 * @packageDocumentation
 */

export { type Shown, showFigure, showReport } from "./show.ts";
