/**
 * Reports and figures, live in a page.
 *
 * @packageDocumentation
 */

export { showFigure, showReport } from "./show.ts";
