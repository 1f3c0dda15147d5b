// Sums in short chains: sixteen terms are added up, then sixteen such sums, and so on, so that the error stays below 1e-6 of the
// sum of the absolute terms for any number of terms that a device holds. One running sum in f32 is off by percents after a million.
//
// Not compensated sums: WGSL's compilers may take `(a + b) - a` for `b`.

/** Terms of a chain. */
export const chain = 16;

/** How many levels of chains hold `count` terms, at most four: of more terms, the last chain is longer. */
export const levelsFor = (count: number): number => [1, 2, 3].find((levels) => count <= chain ** levels) ?? 4;

/**
 * WGSL: a running sum named `name` that takes up to 16^4 terms in chains, and more in a longer last one.
 *
 * @param zero the empty sum, e.g. `"0.0"` or `"vec4<f32>()"`
 * @param levels of chains; for fewer terms, fewer do
 */
export function chains(name: string, zero: string, levels = 4) {
  const at = (level: number): string => `${name}${level}`;
  const all = [0, 1, 2, 3].slice(0, levels);
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
