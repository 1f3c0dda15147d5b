// What typedoc says of the reference, in a third of the time that writing it takes: all packages are read at once, and nothing is
// written. It checks that what an exported declaration shows is exported, too, and that links lead somewhere.

import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Application } from "typedoc";

/** What the typedoc.json of a package may say, beside what the one of the workspace says for all of them. */
interface PackageOptions {
  readonly entryPoints?: readonly string[];
  readonly intentionallyNotExported?: readonly string[];
}

const root = join(import.meta.dirname, "../..");
const read = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));
const { packageOptions } = read("typedoc.json") as { packageOptions: { entryPoints: string[]; tsconfig: string } };

const packages = globSync("packages/*/package.json", { cwd: root }).map((path) => {
  const folder = path.slice(0, -"/package.json".length);
  const own: PackageOptions = existsSync(join(root, folder, "typedoc.json")) ? read(`${folder}/typedoc.json`) : {};
  const { entryPoints = packageOptions.entryPoints, intentionallyNotExported = [] } = own;
  const entries = entryPoints.map((entry) => join(root, folder, entry));
  return { name: read(path).name as string, entries, intentionallyNotExported: [...intentionallyNotExported] };
});

const { entryPoints: _, tsconfig: __, ...shared } = packageOptions;
const app = await Application.bootstrap({
  ...shared,
  entryPointStrategy: "resolve",
  // The home page links to packages, which are no packages here: its links are checked where the reference is written.
  readme: "none",
  tsconfig: join(root, "tsconfig.reference.json"),
  entryPoints: packages.flatMap(({ entries }) => entries),
  logLevel: "Warn",
});
const project = await app.convert();
if (project) {
  const validation = { ...app.options.getValue("validation"), notExported: false };
  app.options.setValue("validation", validation);
  app.validate(project);
  // Typedoc looks for what is not exported in the package that it takes for the project alone.
  app.options.setValue("validation", { notExported: true });
  for (const { name, intentionallyNotExported } of packages) {
    project.packageName = name;
    app.options.setValue("intentionallyNotExported", intentionallyNotExported);
    app.validate(project);
  }
}
if (project === undefined || app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;
