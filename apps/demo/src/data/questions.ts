// What the worker of a page answers, so that the page can show its table.
import { loadFile } from "./files.ts";
import { summaryOf, type TableSummary, tableOfFile, type Writing } from "./reading.ts";

export const dataQuestions = {
  /** The columns of a file. */
  async read(id: string, writing: Writing): Promise<TableSummary> {
    const file = await loadFile(id);
    return summaryOf(file.name, tableOfFile(file, writing));
  },
};
