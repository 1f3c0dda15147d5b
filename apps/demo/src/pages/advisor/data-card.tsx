// The file: dropped, chosen or the sample; its columns as they are read, and what each of them is for.
import { Drop } from "../../shell/drop.tsx";
import { number } from "../../shell/readings.ts";
import { sample } from "./files.ts";
import type { ColumnSummary } from "./reading.ts";
import { columnsOf, listed } from "./settings.ts";
import { choose, table, task, unreadable } from "./task.ts";

const roles = { input: "input", name: "input, as names", left: "left out" } as const;
type Role = keyof typeof roles;

function RoleSelect({ column }: { readonly column: ColumnSummary }) {
  const { target, groups, left, names } = task.settings.value;
  const locked = task.job.value.state === "running";
  const { name, type } = column;
  if (name === target) return <>target</>;
  if (name === groups) return <>groups</>;
  const [out, named] = [columnsOf(left), columnsOf(names)];
  const role: Role = out.includes(name) ? "left" : named.includes(name) ? "name" : "input";
  const without = (list: readonly string[]): string[] => list.filter((each) => each !== name);
  const set = (next: Role): void =>
    task.change({
      left: listed(next === "left" ? [...without(out), name] : without(out)),
      names: listed(next === "name" ? [...without(named), name] : without(named)),
    });
  return (
    <select
      aria-label={`What ${name} is for`}
      value={role}
      disabled={locked}
      onChange={({ currentTarget }) => set(currentTarget.value as Role)}
    >
      {(Object.keys(roles) as Role[]).map((each) =>
        each === "name" && type === "text" ? null : (
          <option key={each} value={each}>
            {roles[each]}
          </option>
        ),
      )}
    </select>
  );
}

function valuesOf({ range, texts, distinct, hint }: ColumnSummary): string {
  if (range !== undefined) return `${number(range[0])} to ${number(range[2])}, half below ${number(range[1])}`;
  const more = distinct > texts.length ? `, … (${distinct} in all)` : "";
  return `${texts.join(", ")}${more}${hint === "" ? "" : `; ${hint}`}`;
}

function Columns() {
  const { columns } = table.value!;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard.
    <section class="scroll" aria-label="Columns" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {["Column", "Unit", "Kind", "Values", "Missing", "For"].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.name}>
              <th scope="row">{column.name}</th>
              <td>{column.unit || "–"}</td>
              <td>{column.type === "number" ? "numbers" : "names"}</td>
              <td>{valuesOf(column)}</td>
              <td>{column.missing === 0 ? "none" : column.missing}</td>
              <td>
                <RoleSelect column={column} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function DataCard() {
  const { data } = task.settings.value;
  const summary = table.value;
  const locked = task.job.value.state === "running";
  return (
    <section class="card wide" aria-label="Data">
      <h2>{summary ? summary.name : "Data"}</h2>
      {summary && <p>{`${summary.rows.toLocaleString("en")} rows, ${summary.columns.length} columns.`}</p>}
      {data === sample.id && <p>{`Source: ${sample.source}.`}</p>}
      {unreadable.value !== "" && (
        <p class="message error" role="alert">
          {unreadable.value} How the file is written is set under Settings.
        </p>
      )}
      {summary && <Columns />}
      <Drop
        kind="csv"
        words="Drop a CSV file here: a line of names, then a row a specimen."
        isChosen={summary !== undefined}
        locked={locked}
        choose={choose}
      >
        <button
          type="button"
          disabled={locked}
          onClick={() =>
            task.change({ data: sample.id, groups: "", left: "", names: "", missing: "", ...sample.settings })
          }
        >
          Try the concrete data
        </button>
      </Drop>
    </section>
  );
}
