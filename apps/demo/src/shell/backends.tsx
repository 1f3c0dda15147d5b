// Which backend computes: the choice, every one there is with its device, or why it is unavailable and what cures that.
import type { BackendStatus, Choice, DType } from "@hooke/runtime";
import { bytes } from "./readings.ts";

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly backends: readonly BackendStatus[];
  /** What is computed with. */
  readonly dtypes: readonly DType[];
  readonly locked: boolean;
  set(name: string): void;
}

/** Why a backend cannot be chosen; empty where it can. */
function obstacle(status: BackendStatus, dtypes: readonly DType[]): string {
  if (!status.available) return "unavailable";
  const missing = dtypes.filter((dtype) => !status.dtypes.includes(dtype));
  return missing.length === 0 ? "" : `does not run ${missing.join(", ")}`;
}

export function BackendSelect({ label, value, backends, dtypes, locked, set }: SelectProps) {
  const listed = value === "auto" || backends.some(({ name }) => name === value);
  return (
    <label>
      {label}
      <select value={value} disabled={locked} onChange={({ currentTarget }) => set(currentTarget.value)}>
        <option value="auto">auto: the fastest</option>
        {!listed && <option>{value}</option>}
        {backends.map((status) => {
          const why = obstacle(status, dtypes);
          return (
            <option key={status.name} value={status.name} disabled={why !== ""}>
              {why === "" ? status.name : `${status.name} (${why})`}
            </option>
          );
        })}
      </select>
    </label>
  );
}

export function Devices({
  backends,
  choice,
}: {
  readonly backends: readonly BackendStatus[];
  readonly choice: Choice | undefined;
}) {
  return (
    <details class="devices">
      <summary>Backends of this browser</summary>
      {choice && <p>{`Chosen: ${choice.name} (${choice.reason}).`}</p>}
      <dl>
        {backends.map((status) => (
          <div key={status.name}>
            <dt>{status.name}</dt>
            <dd>
              {status.available
                ? `${status.device}${status.memory ? `; ${status.memory.of}: ${bytes(status.memory.bytes)}` : ""}`
                : `Unavailable: ${status.reason}. ${status.cure}`}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
