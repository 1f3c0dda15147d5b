// Pooling: a thread for each element of the result, which looks through its window, or through those that see it.
import { sizeOf } from "@hooke/runtime";
import { chains, levelsFor } from "./chains.ts";
import { indices } from "./nest.ts";
import type { Pointer } from "./pointer.ts";
import type { Routine } from "./routine.ts";
import type { Launch, Text } from "./text.ts";
import { nested, numberOf, overSeeing, overWindow, type Windows } from "./windows.ts";

type Name = "maxPool" | "maxPoolIndex" | "poolGather" | "poolScatter" | "sumPool" | "sumPoolTranspose";

interface Place {
  readonly at: string;
  readonly tap: string;
}

/** Adds nested loops over all places that belong to the result's element, and what is done at each. */
function loops(
  text: Text,
  routine: Routine<Name>,
  over: typeof overWindow,
  from: readonly number[],
  pointer: Pointer,
  visit: (element: string, tap: string, offset: string) => void,
): void {
  const { node } = routine;
  const { shape } = node.outputs[0]!;
  const channels = shape.at(-1)!;
  const windows: Windows = { ...node.params, dilation: node.params.window.map(() => 1) };
  const [n, ...rest] = indices(text, "index", shape);
  const channel = rest.at(-1)!;
  const spatial = from.slice(1, -1);
  text.takes(spatial.length * sizeOf(windows.window));
  nested<Place>(
    spatial.length,
    (dimension, body) =>
      over(text, windows, dimension, rest[dimension]!, spatial[dimension]!, (at, tap) => body({ at, tap })),
    (places) => {
      const tap = numberOf(
        text,
        places.map(({ tap }) => tap),
        windows.window,
      );
      const line = numberOf(text, [n!, ...places.map(({ at }) => at)], from.slice(0, -1));
      const offset = text.define(`${line} * ${channels}u + ${channel}`);
      visit(text.define(`bitcast<f32>(memory[${text.pointer(pointer)} + ${offset}])`, "x"), tap, offset);
    },
  );
}

export function printPooling(routine: Routine<Name>): Launch[] {
  const { printer, node, operands, output, label } = routine;
  const { shape } = node.outputs[0]!;
  const count = sizeOf(shape);
  if (count === 0) return [];
  const [x, index] = operands as [Pointer, Pointer];
  const from = node.inputs[0]!.shape;
  const text = printer.text();
  const to = (): string => `memory[${text.pointer(output)} + index]`;
  switch (node.primitive) {
    case "maxPool":
    case "maxPoolIndex":
      text.add("var most = 0.0f;", "var best = i32(-1);");
      loops(text, routine, overWindow, from, x, (element, tap) => {
        // NaN is above all; the first of equal ones stays.
        const isBetter = `best < 0 || (!isnan(most) && (isnan(${element}) || order(${element}) > order(most)))`;
        text.add(`if (${isBetter}) { most = ${element}; best = i32(${tap}); }`);
      });
      text.add(`${to()} = bitcast<u32>(${node.primitive === "maxPool" ? "most" : "best"});`);
      break;
    case "poolGather":
      text.add("var found = 0.0f;", `let wanted = memory[${text.pointer(index)} + index];`);
      loops(text, routine, overWindow, from, x, (element, tap) => {
        text.add(`if (${tap} == wanted) { found = ${element}; }`);
      });
      text.add(`${to()} = bitcast<u32>(found);`);
      break;
    case "poolScatter":
      sum(text, routine, overSeeing, from, x, to(), (add) => (element, tap, offset) => {
        text.add(`if (memory[${text.pointer(index)} + ${offset}] == ${tap}) { ${add(element)} }`);
      });
      break;
    case "sumPool":
    case "sumPoolTranspose": {
      const over = node.primitive === "sumPool" ? overWindow : overSeeing;
      sum(text, routine, over, from, x, to(), (add) => (element) => text.add(add(element)));
      break;
    }
  }
  return [text.launch(label, count)];
}

/** Adds a sum in chains over all places of an element. */
function sum(
  text: Text,
  routine: Routine<Name>,
  over: typeof overWindow,
  from: readonly number[],
  pointer: Pointer,
  to: string,
  visit: (add: (element: string) => string) => (element: string, tap: string, offset: string) => void,
): void {
  const { declare, first, fold, total } = chains("total", "0.0f", levelsFor(sizeOf(routine.node.params.window)));
  text.add(declare, "var n = 0;");
  loops(
    text,
    routine,
    over,
    from,
    pointer,
    visit((element) => `${first} += ${element}; n++; ${fold("n")}`),
  );
  text.add(`${to} = bitcast<u32>(${total});`);
}
