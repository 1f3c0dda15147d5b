// What a page can be set to: fields with their labels, defaults and limits, and how they are written in the address.

interface FieldOf<Type extends string, Value> {
  readonly type: Type;
  readonly label: string;
  readonly initial: Value;
}

interface Limits {
  readonly least: number;
  readonly most: number;
}

export interface NumberField extends FieldOf<"number", number>, Limits {
  readonly whole: boolean;
}

/** A whole number that decides what is looked at, not what is computed: it moves while a run computes, which is not named by it. */
export interface SliderField extends FieldOf<"slider", number>, Limits {}

export interface ChoiceField<Value extends string = string> extends FieldOf<"choice", Value> {
  readonly options: readonly Value[];
  /** What an option is called. Default its name. */
  name?(option: Value): string;
}

/** What a page has controls of its own for, such as the name of a column. */
export interface TextField extends FieldOf<"text", string> {
  /** What a value is called. Default the value. */
  name?(value: string): string;
}

/** Which backend computes. */
export interface BackendField extends FieldOf<"backend", string> {}

export type Field = NumberField | SliderField | ChoiceField | TextField | BackendField;
export type Fields = Readonly<Record<string, Field>>;

/** Values by field. */
export type SettingsOf<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends ChoiceField<infer Value> ? Value : F[Name]["initial"];
};

export const whole = (label: string, initial: number, limits: Limits): NumberField => ({
  ...{ type: "number", label, initial, whole: true },
  ...limits,
});

export const real = (label: string, initial: number, limits: Limits): NumberField => ({
  ...{ type: "number", label, initial, whole: false },
  ...limits,
});

export const slider = (label: string, initial: number, limits: Limits): SliderField => ({
  ...{ type: "slider", label, initial },
  ...limits,
});

export const choice = <const Value extends string>(
  label: string,
  initial: NoInfer<Value>,
  options: readonly Value[],
  name?: (option: Value) => string,
): ChoiceField<Value> => ({ type: "choice", label, initial, options, ...(name && { name }) });

export const text = (label: string, initial = "", name?: (value: string) => string): TextField => ({
  ...{ type: "text", label, initial },
  ...(name && { name }),
});

export const backend: BackendField = { type: "backend", label: "Backend", initial: "auto" };

export const initialOf = <F extends Fields>(fields: F): SettingsOf<F> =>
  Object.fromEntries(Object.entries(fields).map(([name, { initial }]) => [name, initial])) as SettingsOf<F>;

export const accepts = (field: NumberField | SliderField, value: number): boolean =>
  value >= field.least && value <= field.most && (Number.isInteger(value) || (field.type === "number" && !field.whole));

/** The value that a text stands for; undefined where the field cannot have it. */
function readValue(field: Field, text: string): string | number | undefined {
  if (text === "") return undefined;
  if (field.type === "number" || field.type === "slider")
    return accepts(field, Number(text)) ? Number(text) : undefined;
  return field.type !== "choice" || field.options.includes(text) ? text : undefined;
}

/** The fields that decide what is computed. */
export const computing = <F extends Fields>(fields: F): F =>
  Object.fromEntries(Object.entries(fields).filter(([, { type }]) => type !== "slider")) as F;

/** Settings as the address has them. */
export const toQuery = <F extends Fields>(fields: F, settings: SettingsOf<F>): string =>
  String(new URLSearchParams(Object.keys(fields).map((name) => [name, String(settings[name])])));

/**
 * Settings of an address; what is missing or cannot be keeps its default, and what is looked at stays as it is.
 *
 * @param now the settings until now. Default: there are none
 */
export function fromQuery<F extends Fields>(fields: F, query: string, now = initialOf(fields)): SettingsOf<F> {
  const given = new URLSearchParams(query);
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const kept = field.type === "slider" ? now[name] : field.initial;
      return [name, readValue(field, given.get(name) ?? "") ?? kept];
    }),
  ) as SettingsOf<F>;
}

/** What is set otherwise than at first, in words: `hidden width 32, seed 7`. */
export function describe<F extends Fields>(fields: F, settings: SettingsOf<F>): string {
  const said = Object.entries(fields)
    .filter(([name, { initial }]) => settings[name] !== initial)
    .map(([name, field]) => {
      const value = settings[name] as string;
      const named = field.type === "choice" || field.type === "text" ? (field.name?.(value) ?? value) : value;
      return `${field.label.toLowerCase()} ${named}`;
    });
  return said.length === 0 ? "standard settings" : said.join(", ");
}
