// The settings that name columns of the table, and how missing cells are written.
import { useValue } from "../shell/fields.tsx";
import type { DataTable } from "./data-table.ts";

interface SelectProps {
  readonly of: DataTable;
  readonly label: string;
  readonly name: "target" | "groups";
  /** What stands before the columns: what each value is called. */
  readonly first: Readonly<Record<string, string>>;
  /** The column that the other select has. */
  readonly taken: string;
}

function ColumnSelect({ of: { task, summary }, label, name, first, taken }: SelectProps) {
  const value = task.settings.value[name];
  const columns = (summary.value?.columns ?? []).map((column) => column.name).filter((each) => each !== taken);
  const isListed = Object.hasOwn(first, value) || columns.includes(value);
  return (
    <label>
      {label}
      <select
        {...{ name, value }}
        disabled={task.job.value.state === "running" || summary.value === undefined}
        onChange={({ currentTarget }) => task.change({ [name]: currentTarget.value })}
      >
        {Object.entries(first).map(([option, called]) => (
          <option key={option} value={option}>
            {called}
          </option>
        ))}
        {!isListed && <option value={value}>{value}</option>}
        {columns.map((column) => (
          <option key={column} value={column}>
            {column}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ControlsProps {
  readonly of: DataTable;
  /** What groups may be beside a column: what each value is called. */
  readonly groups: Readonly<Record<string, string>>;
}

export function ColumnControls({ of, groups: first }: ControlsProps) {
  const { task } = of;
  const { target, groups, missing } = task.settings.value;
  const input = useValue(missing);
  return (
    <>
      <ColumnSelect
        {...{ of }}
        label="Target: what to predict"
        name="target"
        first={{ "": "choose a column" }}
        taken={groups}
      />
      <ColumnSelect {...{ of, first }} label="Rows belong together by" name="groups" taken={target} />
      <label>
        Texts that mean a missing cell
        <input
          ref={input}
          name="missing"
          placeholder="NA n/a -"
          disabled={task.job.value.state === "running"}
          onChange={({ currentTarget }) => task.change({ missing: currentTarget.value.trim() })}
        />
      </label>
    </>
  );
}
