// What messages call options in code, as they are typed on the command line: `groups: "none"` is `--groups none`.

/** As a shell takes it. */
const cell = (text: string): string => (text === "\\t" ? "tab" : /^[\w%.-]+$/.test(text) ? text : `"${text}"`);

/** Patterns of messages, and what stands in their place. */
const spellings: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/ to the function that reads the file/g, () => ""],
  [/one-hot encode the column with oneHot: \["[^"]*"\], or say /g, () => "say "],
  [/, or the names as header: \["\.\.\.", \.\.\.\]/g, () => ""],
  [
    /decode it yourself \(new TextDecoder\("([^"]*)"\), say\) and call parseCsv with the text/g,
    (_, name) => `pass its encoding, say --encoding ${name}`,
  ],
  [/save it as "CSV UTF-8"/g, (all) => `${all}, or pass --encoding utf-16`],
  [
    /\b(groups|purpose|readable|structure|smiles|uncertainty|method|delimiter|decimal|thousands|comment): "([^"]*)"/g,
    (_, name, value) => `--${name} ${cell(value!)}`,
  ],
  [/\bmissing: \["([^"]*)"\]/g, (_, value) => `--missing ${cell(value!)}`],
  [
    /\btypes: \{ "([^"]*)": "(number|text)" \}/g,
    (_, name, type) => `--${type === "text" ? "text" : "numbers"} ${cell(name!)}`,
  ],
  [/\bunits: \{ "([^"]*)": "([^"]*)" \}/g, (_, name, unit) => `--cell-units ${cell(`${name}=${unit}`)}`],
  [/\bheader: (true|false)/g, (_, value) => `--header ${value === "true" ? "yes" : "no"}`],
  [/\b(units|booleans|classes): true/g, (_, name) => `--${name}`],
  [/\bbudget: \{ seconds(?:: (\d+))? \}/g, (_, seconds) => `--budget ${seconds ?? "SECONDS"}`],
  [/\bmeasuredRows: (\d+)/g, (_, rows) => `--measured-rows ${rows}`],
  [/\brepairNames: true/g, () => "--repair-names"],
  [/\bsize: (\d+), or \{ height, width \}/g, (_, side) => `--size ${side}`],
  [/labels: "none" or labels: \{ table, file, target \}/g, () => "--labels FILE.csv"],
  [/^inputs$/, () => "--inputs A,B,..."],
];

/** A message with options as they are typed. */
export const asTyped = (text: string): string =>
  spellings.reduce((said, [pattern, spelt]) => said.replace(pattern, spelt), text);
