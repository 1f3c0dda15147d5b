// `hooke new`: a project to start from, which trains on a table of its own.
import { mkdir, readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { displayPath, fileSystemError, writeFileAtomic } from "@hooke/data/node";
import { fail } from "@hooke/runtime";
import manifest from "../../../package.json" with { type: "json" };
import type { Command } from "../command.ts";

export const start: Command = {
  does: "makes a folder with a project to start from: a table, and a program that trains on it",
  positionals: ["FOLDER"],
  options: {},
  async run({ positionals }, { output }) {
    const folder = positionals[0]!;
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw fileSystemError("new", "write", folder, error);
    });
    const present = await readdir(folder);
    if (present.length > 0) {
      fail(
        "new",
        `${displayPath(folder)} is not empty; give the path of a folder that is, or is not there yet.`,
        "file-system",
      );
    }
    for (const [name, text] of Object.entries(filesOf(basename(resolve(folder))))) {
      await writeFileAtomic(join(folder, name), text);
    }
    output.write(
      `A project in ${displayPath(folder)}. To run it:\n  cd ${displayPath(folder)}\n  npm install\n  npm start\n`,
    );
  },
};

const used = ["backend-wasm", "baselines", "data", "minimize", "model-advisor", "report", "runtime"];

function filesOf(name: string): Readonly<Record<string, string>> {
  const project = {
    name:
      name
        .toLowerCase()
        .replace(/[^a-z0-9-]+/g, "-")
        .replace(/^-+|-+$/g, "") || "project",
    version: "0.0.0",
    private: true,
    type: "module",
    scripts: { start: "node main.js" },
    dependencies: Object.fromEntries(used.map((part) => [`@hooke/${part}`, `^${manifest.version}`])),
  };
  return { "package.json": `${JSON.stringify(project, null, 2)}\n`, "data.csv": table(), "main.js": program };
}

/** Strengths of steels by carbon and temper, made up. */
function table(): string {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const carbon = ((i * 7) % 60) / 100;
    const temper = 200 + ((i * 11) % 60) * 5;
    return `${carbon},${temper},${(300 + 900 * carbon - 0.3 * temper + ((i * 5) % 7)).toFixed(1)}\n`;
  });
  return `carbon,temper,strength\nwt%,K,MPa\n${rows.join("")}`;
}

const program = `// Which method fits data.csv, what it predicts, and a report.
import { wasmBackend } from "@hooke/backend-wasm";
import { tableOf } from "@hooke/data";
import { readCsv } from "@hooke/data/node";
import { advise } from "@hooke/model-advisor";
import { writeReport } from "@hooke/report/node";

const steels = await readCsv("data.csv", { units: true });
const advice = await advise(steels, {
  target: "strength",
  groups: "none",
  backend: wasmBackend(),
  budget: { seconds: 10 },
});
console.log(advice.sentences().join("\\n"));

const { fitted } = await advice.fit();
const asked = tableOf({ carbon: [0.3], temper: [350] });
const { values, bounds } = fitted.predict(asked, { level: 0.9 });
console.log(\`0.3 wt% carbon at 350 K: \${values[0].toFixed(0)} MPa (\${bounds.lower[0].toFixed(0)} to \${bounds.upper[0].toFixed(0)})\`);

await writeReport("report.html", advice.report());
console.log("Open report.html.");
`;
