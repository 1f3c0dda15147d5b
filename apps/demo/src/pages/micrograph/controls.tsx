// The settings of pictures that were dropped: which of their quantities is learned, and its unit.
import { useValue } from "../../shell/fields.tsx";
import { pictureSet, task } from "./task.ts";

export function Controls() {
  const { quantity, unit } = task.settings.value;
  const input = useValue(unit);
  const locked = task.job.value.state === "running";
  const quantities = pictureSet.value?.quantities ?? [];
  const choose = (name: string): void => {
    task.change({ quantity: name, unit: quantities.find((each) => each.name === name)?.unit ?? "" });
  };
  return (
    <div class="numbers">
      <label>
        Measured
        <select
          name="quantity"
          value={quantity}
          disabled={locked}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {!quantities.some(({ name }) => name === quantity) && <option>{quantity}</option>}
          {quantities.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        Unit
        <input
          ref={input}
          name="unit"
          placeholder="none"
          disabled={locked}
          onChange={({ currentTarget }) => task.change({ unit: currentTarget.value.trim() })}
        />
      </label>
    </div>
  );
}
