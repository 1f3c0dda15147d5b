// Sums in short chains: sixteen terms are added up, then sixteen such sums, and so on, so that the error stays below 1e-6 of the
// sum of the absolute terms for any number of terms that a device holds. One running sum in f32 is off by percents after a million.
//
// Not compensated sums: WGSL's compilers may take `(a + b) - a` for `b`.

/** Terms of a chain. */
export const chain = 16;

/** Levels that hold 16 million terms. */
const most = 6;

/** How many iterations loops over so many terms take: one for each, and one for each chain. */
export const iterationsFor = (count: number): number => count + Math.ceil(count / chain) + 1;

/** How many levels of chains hold `count` terms, at most six: of more terms, the last chain is longer. */
export const levelsFor = (count: number): number => {
  let levels = 1;
  while (levels < most && count > chain ** levels) levels++;
  return levels;
};

/**
 * WGSL: a running sum named `name` that takes up to 16 terms to the power of `levels` in chains, and more in a longer last one.
 *
 * @param zero the empty sum, e.g. `"0.0"` or `"vec4<f32>()"`
 * @param levels of chains; for fewer terms, fewer do
 */
export function chains(name: string, zero: string, levels: number) {
  const at = (level: number): string => `${name}_${level}`;
  const all = Array.from({ length: levels }, (_, level) => level);
  /** After term number `n`, from 1 on, has been added to `first`. */
  const fold = (n: string): string =>
    all.slice(1).reduceRight(
      (inner, level) => `
          if ((${n} & ${chain ** level - 1}) == 0) { ${at(level)} += ${at(level - 1)}; ${at(level - 1)} = ${zero}; ${inner} }`,
      "",
    );
  return {
    declare: all.map((level) => `var ${at(level)} = ${zero};`).join(" "),
    first: at(0),
    fold,
    total: all.map(at).reduce((sum, next) => `(${sum} + ${next})`),
  };
}
