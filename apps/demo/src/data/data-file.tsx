// The file that a page learns from: dropped, chosen or the sample; its columns as they are read, their units, and what each is for.

import { Drop } from "../shell/drop.tsx";
import { useValue } from "../shell/fields.tsx";
import { Message } from "../shell/message.tsx";
import { number } from "../shell/readings.ts";
import { ScrollTable } from "../shell/scroll-table.tsx";
import type { DataTable } from "./data-table.ts";
import { columnsOf, listed, withUnit } from "./fields.ts";
import { sample } from "./files.ts";
import type { ColumnSummary } from "./reading.ts";

interface ColumnProps {
  readonly of: DataTable;
  readonly column: ColumnSummary;
}

const roles = { input: "input", name: "input, as names", left: "left out" } as const;
type Role = keyof typeof roles;

function RoleSelect({ of: { task }, column }: ColumnProps) {
  const { target, groups, left, names } = task.settings.value;
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
      disabled={task.job.value.state === "running"}
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

/** A unit as the file says it, or as it is typed; names have none. */
function UnitInput({ of: { task }, column: { name, unit } }: ColumnProps) {
  const input = useValue(unit);
  return (
    <input
      ref={input}
      class="unit"
      aria-label={`Unit of ${name}`}
      placeholder="none"
      disabled={task.job.value.state === "running"}
      onChange={({ currentTarget }) =>
        task.change({ typed: withUnit(task.settings.peek().typed, name, currentTarget.value) })
      }
    />
  );
}

function valuesOf({ range, texts, distinct, hint }: ColumnSummary): string {
  if (range !== undefined) return `${number(range[0])} to ${number(range[2])}, half below ${number(range[1])}`;
  const more = distinct > texts.length ? `, … (${distinct} in all)` : "";
  return `${texts.join(", ")}${more}${hint === "" ? "" : `; ${hint}`}`;
}

export function DataFile({ of }: { readonly of: DataTable }) {
  const { task, summary, unreadable, choose, takeSample } = of;
  const { data } = task.settings.value;
  const found = summary.value;
  const locked = task.job.value.state === "running";
  return (
    <section class="card wide" aria-label="Data">
      <h2>{found ? found.name : "Data"}</h2>
      {found && <p>{`${found.rows.toLocaleString("en")} rows, ${found.columns.length} columns.`}</p>}
      {data === sample.id && <p>{`Source: ${sample.source}.`}</p>}
      <Message error words={unreadable.value && `${unreadable.value} How the file is written is set under Settings.`} />
      {found && (
        <ScrollTable label="Columns" heads={["Column", "Unit", "For", "Kind", "Values", "Missing"]}>
          {found.columns.map((column) => (
            <tr key={column.name}>
              <th scope="row">{column.name}</th>
              <td>{column.type === "number" ? <UnitInput {...{ of, column }} /> : "–"}</td>
              <td>
                <RoleSelect {...{ of, column }} />
              </td>
              <td>{column.type === "number" ? "numbers" : "names"}</td>
              <td class="wrapped">{valuesOf(column)}</td>
              <td>{column.missing === 0 ? "none" : column.missing}</td>
            </tr>
          ))}
        </ScrollTable>
      )}
      <Drop
        kind="csv"
        words="Drop a CSV file here: a line of names, perhaps one of units, then a row a specimen."
        isChosen={found !== undefined}
        locked={locked}
        choose={(file) => void choose(file)}
      >
        {data !== sample.id && (
          <button type="button" disabled={locked} onClick={takeSample}>
            Try the concrete data
          </button>
        )}
      </Drop>
    </section>
  );
}
