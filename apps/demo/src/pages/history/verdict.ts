// Which method wins, in words: by its error on specimens held out, and whether that is more than chance.
import { betterOn, type Score } from "@hooke/example-crack-growth/scores.ts";
import { decimals } from "../../shell/readings.ts";

/** The methods of the page, and of them the one to beat. */
export interface Contest {
  readonly scores: readonly Score[];
  readonly toBeat: string;
  readonly networks: readonly string[];
}

const mm = (value: number): string => `${decimals(value, 3)} mm`;

/**
 * Whether one method's squared errors are smaller than another's by more than chance explains: the mean difference over specimens is
 * more than twice its standard error.
 */
export function isClear({ bySpecimen: a }: Score, { bySpecimen: b }: Score): boolean {
  const differences = a.map((error, i) => b[i]! ** 2 - error ** 2);
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return mean > 2 * Math.sqrt(squares / (differences.length - 1) / differences.length);
}

/** Sentences, the first of which says who wins; none before every network has forecast every specimen. */
export function verdictOf({ scores, toBeat, networks }: Contest): readonly string[] {
  const law = scores.find(({ method }) => method === toBeat);
  const own = networks.flatMap((name) => scores.find(({ method }) => method === name) ?? []);
  if (law === undefined || own.length < networks.length) return [];
  const [best, ...others] = [...scores].sort((a, b) => a.rmse - b.rmse) as [Score, ...Score[]];
  const alike = others.filter((other) => !isClear(best, other)).map(({ method }) => `“${method}”`);
  const count = best.bySpecimen.length;
  const name = best.method.charAt(0).toUpperCase() + best.method.slice(1);
  const wins = `${name} has the smallest error: ${mm(best.rmse)} over ${count} specimens held out`;
  return [
    alike.length === 0
      ? `${wins}, clearly less than all others.`
      : `${wins}. On so many it cannot be told apart from ${alike.join(" and ")}.`,
    ...own.map((network) => {
      const share = Math.round(100 * Math.abs(1 - network.rmse / law.rmse));
      const isLess = network.rmse < law.rmse;
      const [ahead, behind] = isLess ? [network, law] : [law, network];
      const clear = isClear(ahead, behind) ? "" : " (within chance)";
      return (
        `${network.method}: ${mm(network.rmse)}, ${share} % ${isLess ? "less" : "more"} than the law's ${mm(law.rmse)}${clear}; ` +
        `better than the law on ${betterOn(network, law)} of ${count} specimens.`
      );
    }),
  ];
}
