// Parameters by their dotted paths: patterns, lists of them, functions.
import { type Check, checkArgument } from "@hooke/runtime";

/**
 * Which parameters: patterns of dotted paths, where `*` stands for any part of one name and `**` for any names, or none
 * (`"**.bias"`, `"features.**"`), or a function of the path.
 */
export type ParameterPaths = string | readonly string[] | ((path: string) => boolean);

const isText = (value: unknown): boolean => typeof value === "string";
/** Expects {@link ParameterPaths}. */
const pathsCheck: Check = (value) =>
  isText(value) || typeof value === "function" || (Array.isArray(value) && value.every(isText))
    ? undefined
    : 'patterns of paths, such as "**.bias", or a function of the path';

/** The function of a path that {@link ParameterPaths} stand for. */
export function pathTest(paths: ParameterPaths): (path: string) => boolean {
  checkArgument("pathTest", "the paths", paths, pathsCheck);
  if (typeof paths === "function") return paths;
  const expressions = [paths].flat().map(expressionOf);
  return (path) => expressions.some((expression) => expression.test(path));
}

function expressionOf(pattern: string): RegExp {
  // A leading `**.` takes its dot with it, so that "**.bias" also names the bias of a model that is one layer.
  const [prefix, rest] = pattern.startsWith("**.") ? ["(?:.*\\.)?", pattern.slice(3)] : ["", pattern];
  const source = rest
    .split("**")
    .map((part) => part.split("*").map(literal).join("[^.]*"))
    .join(".*");
  return new RegExp(`^${prefix}${source}$`);
}

const literal = (text: string): string => text.replace(/[.\\+?^${}()|[\]]/g, "\\$&");
