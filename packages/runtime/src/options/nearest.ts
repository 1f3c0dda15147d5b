// Spelling suggestions for error messages: the known name nearest to a mistaken one.

/** Levenshtein distance between two strings: insertions, deletions and substitutions. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}

/** The one of `names` nearest to `name`, case ignored; undefined where none is similar. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestScore = 0.5;
  for (const candidate of names) {
    const known = candidate.toLowerCase();
    // A name typed without its unit suffix ("strength" for "strength_MPa") is as good as one wrong letter.
    const contained = wanted.length >= 3 && (known.includes(wanted) || wanted.includes(known));
    const distance = contained ? 1 : editDistance(wanted, known);
    const score = distance / Math.max(wanted.length, contained ? 0 : known.length, 1);
    if (score < bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** ` Did you mean "x"?`, or nothing. */
export function suggestion(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}

/** `"a", "b", "c"`: names in a message. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
