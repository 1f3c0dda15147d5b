// The scores of every method beside the law, who wins, and the networks to take away.
import { toBeat } from "@hooke/example-crack-growth/baselines.ts";
import { lstmName, transformerName } from "@hooke/example-crack-growth/method.ts";
import { betterOn } from "@hooke/example-crack-growth/scores.ts";
import { useSignal } from "@preact/signals";
import { download } from "../../shell/download.ts";
import { Message } from "../../shell/message.tsx";
import { decimals } from "../../shell/readings.ts";
import { ScrollTable } from "../../shell/scroll-table.tsx";
import { histories, looked, task } from "./task.ts";
import { verdictOf } from "./verdict.ts";

const networks = [lstmName, transformerName];

function Table() {
  const { scores } = task.job.value.shown!;
  const law = scores.find(({ method }) => method === toBeat);
  const sorted = [...scores].sort((a, b) => a.rmse - b.rmse);
  const most = sorted.at(-1)!.rmse;
  return (
    <ScrollTable
      bars
      label="Errors of the methods"
      heads={["Method", "RMSE (mm)", "By fold (mm)", "MAE (mm)", "Better than the law on"]}
    >
      {sorted.map((score) => (
        <tr key={score.method} class={networks.includes(score.method) ? "chosen" : ""}>
          <th scope="row">
            {score.method}
            {score === law && <span class="badge">to beat</span>}
          </th>
          <td>
            <span class="bar" style={{ width: `calc((100% - 1rem) * ${score.rmse / most})` }} aria-hidden="true" />
            {decimals(score.rmse, 3)}
          </td>
          <td>{`${decimals(score.foldMean, 3)} ± ${decimals(score.foldDeviation, 3)}`}</td>
          <td>{decimals(score.mae, 3)}</td>
          <td>{law && score !== law ? `${betterOn(score, law)} of ${score.bySpecimen.length}` : "–"}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

function Take() {
  const failed = useSignal("");
  const { address, shown } = task.job.value;
  const index = looked();
  const fold = shown!.folds.findIndex((heldOut) => heldOut.includes(index));
  const take = async (network: string) => {
    try {
      failed.value = "";
      const file = await task.ask("model", address, network, fold);
      download(`crack-growth-${network.toLowerCase()}-fold-${fold + 1}.safetensors`, "application/octet-stream", file);
    } catch (error) {
      failed.value = (error as Error).message;
    }
  };
  return (
    <>
      <div class="choices">
        {networks.map((network) => (
          <button type="button" key={network} onClick={() => take(network)}>
            {`Download the ${network} of fold ${fold + 1}`}
          </button>
        ))}
      </div>
      <p>
        {`As it was at its best epoch; it has not seen specimen ${histories.value?.specimens[index]?.name ?? "–"}. `}
        <code>decodeModel</code>
        {" of @hooke/core/checkpoint reads it."}
      </p>
      <Message error words={failed.value} />
    </>
  );
}

export function ScoresCard() {
  const { state, shown } = task.job.value;
  if (shown === undefined || shown.scores.length === 0) return null;
  const [first, ...rest] = verdictOf({ scores: shown.scores, toBeat, networks });
  const isFinal = state === "finished";
  return (
    <section class="card wide" aria-label="Scores">
      <h2>{isFinal ? "Which forecasts best" : "Which forecasts best so far"}</h2>
      {first && <p class="first">{first}</p>}
      {rest.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Table />
      <p>
        Every specimen is held out once, whole, and forecast by methods that learned from the others. By fold: mean and
        standard deviation. The law to beat is Paris’ with m and C fitted to forecasts; the other two are fitted as
        textbooks do. A difference is called clear where it is more than twice its standard error over the specimens.
      </p>
      {isFinal && <Take />}
    </section>
  );
}
