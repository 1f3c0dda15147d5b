// Asking the network: a slider an input, its prediction with bounds that were measured, along one input too, and whether it was taught on such.
import { useSignal } from "@preact/signals";
import type { Askable, Row } from "../../data/asked.ts";
import { Domain, firstRow, RowInputs } from "../../data/row-inputs.tsx";
import { Chart } from "../../shell/chart.tsx";
import { useLatest } from "../../shell/latest.ts";
import { Message } from "../../shell/message.tsx";
import { digits } from "../../shell/number-slider.tsx";
import { axisOf, inUnit, number } from "../../shell/readings.ts";
import type { Answer } from "./asking.ts";
import { shown, target, task } from "./task.ts";

/** Bounds are no surer than so. */
const bound = (value: number): string => number(Number(value.toPrecision(3)));

/** Bounds so many times as wide as usual are worth a word. */
const wide = 1.2;

/** How far the truth may be, and how often such bounds were right. */
function Bounds({ bounds: { lower, upper, reliability } }: Required<Pick<Answer, "bounds">>) {
  const { unit } = target.value;
  const times = (upper - lower) / reliability.width;
  const { coverage, rows } = reliability;
  return (
    <>
      <p>{`Nine in ten such rows lie between ${inUnit(bound(lower), unit)} and ${inUnit(bound(upper), unit)}.`}</p>
      {coverage !== undefined && (
        <p>{`Measured: such bounds held ${Math.round(100 * coverage)} % of ${rows} rows held back, each half of them with the bounds of the other.`}</p>
      )}
      {times > wide && (
        <p class="message warning">{`These bounds are ${number(Number(times.toPrecision(2)))} times as wide as usual: the network knows little here.`}</p>
      )}
    </>
  );
}

function Said({ value, outside, bounds }: Answer) {
  const { name, unit } = target.value;
  const { best, taught } = shown.value;
  return (
    <div class="said" role="status">
      <p class="first">
        {`${name}: `}
        <strong>{inUnit(digits(value), unit)}</strong>
      </p>
      {best && (
        <p>{`On rows held back it is off by ${inUnit(number(Number(best.error.toPrecision(2))), unit)} (root mean square).`}</p>
      )}
      {bounds && <Bounds bounds={bounds} />}
      {!bounds && (
        <p>{`For bounds too few rows that stand by themselves are held back, ${taught?.validation} in all.`}</p>
      )}
      <Domain because={outside} />
    </div>
  );
}

interface AlongProps {
  readonly inputs: readonly Askable[];
  readonly along: string;
  readonly columns: NonNullable<Answer["along"]>;
  choose(along: string): void;
}

/** The prediction and its bounds while one input moves. */
function Along({ inputs, along, columns, choose }: AlongProps) {
  const { name, unit } = target.value;
  const numbers = inputs.filter(({ type }) => type === "number");
  const input = numbers.find((each) => each.name === along);
  if (input?.type !== "number") return null;
  const [x, , lower, upper] = columns as number[][];
  const widthAt = (end: number): string => inUnit(bound(upper!.at(end)! - lower!.at(end)!), unit);
  return (
    <Chart
      wide
      kind="lines"
      title="Along an input"
      note="The other inputs stay where the sliders are. Upright: the least and the largest that it was taught on."
      marks={[input.least, input.most]}
      summary={`At ${inUnit(digits(x![0]!), input.unit)} bounds are ${widthAt(0)} apart, at ${inUnit(digits(x!.at(-1)!), input.unit)} ${widthAt(-1)}.`}
      names={[input.name, "prediction", "lower bound", "upper bound"]}
      axes={[axisOf(input.name, input.unit), axisOf(name, unit)]}
      empty={[
        [input.least, input.most],
        [0, 1],
      ]}
      columns={columns}
    >
      <select aria-label="Input" value={along} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {numbers.map((each) => (
          <option key={each.name}>{each.name}</option>
        ))}
      </select>
    </Chart>
  );
}

const firstNumber = (inputs: readonly Askable[]): string => inputs.find(({ type }) => type === "number")?.name ?? "";

/** The inputs that can be asked about are asked for first. */
function Asking({ address, digest }: { readonly address: string; readonly digest: string }) {
  const { answer: inputs, failed } = useLatest(() => task.ask("inputs", task.settings.peek()));
  return (
    <section class="card wide ask" aria-label="Ask the network">
      <h2>Ask the network</h2>
      <Message error words={failed.value} />
      {inputs.value === undefined ? <p>Asking …</p> : <AskingOf {...{ address, digest }} inputs={inputs.value} />}
    </section>
  );
}

interface AskingOfProps {
  readonly address: string;
  readonly digest: string;
  readonly inputs: readonly Askable[];
}

function AskingOf({ address, digest, inputs }: AskingOfProps) {
  const row = useSignal<Row>(firstRow(inputs));
  const along = useSignal(firstNumber(inputs));
  const settings = task.settings.peek();
  const { answer, failed } = useLatest(() => task.ask("answer", address, digest, settings, row.value, along.value));
  return (
    <>
      <Message error words={failed.value} />
      {answer.value === undefined ? <p>Asking …</p> : <Said {...answer.value} />}
      <RowInputs
        inputs={inputs}
        row={row.value}
        set={(next) => {
          row.value = next;
        }}
      />
      {answer.value?.along && (
        <Along
          inputs={inputs}
          along={along.value}
          columns={answer.value.along}
          choose={(name) => {
            along.value = name;
          }}
        />
      )}
    </>
  );
}

/** Of the best epoch of a training that stands still. */
export function AskCard() {
  const { best, digest } = shown.value;
  const { state, address } = task.job.value;
  if (best === undefined || (state !== "paused" && state !== "finished")) return null;
  return <Asking key={`${address} ${digest}`} {...{ address, digest }} />;
}
