import {
  Cpf,
  Decimal,
  Personal,
  isJsonObject,
  parseCalendarDate,
  parseDecimal,
  type CalendarDate,
  type JsonObject,
  type JsonValue,
  isPlainText,
} from '../kernel';
import type { FieldProblem } from '../auction/domain';

const MAX_TEXT = 500;
const MAX_KEY = 128;
/** No loan has more instalments, no auction more partners; and no amount or rate of one is beyond these. */
const MAX_COUNT = 10_000;
const MAX_DECIMAL = new Decimal('1e12');
const MAX_RATE = new Decimal(1_000);
const CONTROL_CHARACTERS = /[\p{Cc}\p{Surrogate}]/u;
const ONLY_DOTS = /^\.+$/;

/** A value under the name QI used for it, or why it cannot be used. */
type Read<T> = { readonly value: T } | { readonly problem: string };

/**
 * Reads one object of a QI document, field by field, tolerantly: unknown fields are ignored, several names may
 * stand for one thing (the first that is filled counts), and null, "", "None" and a missing field are one thing.
 * What is there but cannot be read becomes undefined and one entry in `problems`, with its path, never its value.
 */
export class Fields {
  constructor(
    private readonly object: JsonObject,
    private readonly path = '',
    readonly problems: FieldProblem[] = [],
  ) {}

  /** An identifier of QI's: opaque, but fit to stand in a column and as one segment of a URL. */
  key(...names: readonly string[]): string | undefined {
    return this.#read(names, (value) => {
      const text = asText(value);
      if (text === undefined) return { problem: 'is not text' };
      const usable = text.length <= MAX_KEY && !CONTROL_CHARACTERS.test(text) && !ONLY_DOTS.test(text);
      return usable ? { value: text } : { problem: 'is not usable as an identifier' };
    });
  }

  /** Text as printed, without blanks around it. A whole number is taken digit for digit. */
  text(...names: readonly string[]): string | undefined {
    return this.#read(names, (value) => {
      const text = asText(value);
      if (text === undefined) return { problem: 'is not text' };
      return text.length <= MAX_TEXT && isPlainText(text)
        ? { value: text }
        : { problem: `is not text of at most ${MAX_TEXT} characters` };
    });
  }

  /** One of QI's words, in lower case: the form to compare. */
  word(...names: readonly string[]): string | undefined {
    return this.text(...names)?.toLowerCase();
  }

  /** An amount in reais or a rate as a fraction, below a million million: a JSON number or a plain decimal in text. */
  decimal(...names: readonly string[]): Decimal | undefined {
    return this.#read(names, (value) => {
      const decimal = asDecimal(value);
      return decimal?.abs().lt(MAX_DECIMAL) === true
        ? { value: decimal }
        : { problem: 'is not a decimal number' };
    });
  }

  /** A rate as a fraction, below a thousand. Text may also be a percentage with either separator: "1,9544%" is 0.019544. */
  rate(...names: readonly string[]): Decimal | undefined {
    return this.#read(names, (value) => {
      const percent =
        typeof value === 'string' ? /^(-?\d+(?:[.,]\d+)?)\s*%$/.exec(value.trim())?.[1] : undefined;
      const decimal =
        percent === undefined ? asDecimal(value) : parseDecimal(percent.replace(',', '.'))?.div(100);
      return decimal?.abs().lt(MAX_RATE) === true ? { value: decimal } : { problem: 'is not a rate' };
    });
  }

  /** A whole number from 0 to ten thousand: a count, a rank. */
  count(...names: readonly string[]): number | undefined {
    return this.#read(names, (value) => {
      const decimal = asDecimal(value);
      return decimal?.isInteger() === true && decimal.gte(0) && decimal.lte(MAX_COUNT)
        ? { value: Number(decimal.toFixed()) }
        : { problem: 'is not a whole number' };
    });
  }

  /** JSON true or false and nothing else: "true" in quotes is not believed. */
  flag(...names: readonly string[]): boolean | undefined {
    return this.#read(names, (value) =>
      typeof value === 'boolean' ? { value } : { problem: 'is not true or false' },
    );
  }

  /** YYYY-MM-DD, a day that exists. */
  date(...names: readonly string[]): CalendarDate | undefined {
    return this.#read(names, (value) => {
      const date = typeof value === 'string' ? parseCalendarDate(value.trim()) : undefined;
      return date === undefined ? { problem: 'is not a date' } : { value: date };
    });
  }

  /** A code of an eSocial table, printed as a number or as text, with or without left zeros: "03". */
  tableCode(...names: readonly string[]): string | undefined {
    return this.#read(names, (value) => {
      const digits = /^0*(\d{1,4})$/.exec(asText(value) ?? '')?.[1];
      return digits === undefined ? { problem: 'is not a table code' } : { value: digits.padStart(2, '0') };
    });
  }

  /** A CPF, punctuated or not, left zeros possibly lost. Its check digits are judged by policy, not here. */
  cpf(...names: readonly string[]): Cpf | undefined {
    return this.#read(names, (value) => {
      const cpf = Cpf.parse(asText(value) ?? '');
      return cpf === undefined ? { problem: 'is not a CPF' } : { value: cpf };
    });
  }

  personName(...names: readonly string[]): Personal | undefined {
    const name = this.text(...names);
    return name === undefined ? undefined : Personal.personName(name);
  }

  personalText(...names: readonly string[]): Personal | undefined {
    const text = this.text(...names);
    return text === undefined ? undefined : Personal.text(text);
  }

  /** The object under `name`; an empty one when it is missing, null or something else (which is a problem). */
  child(name: string): Fields {
    const object = this.#read([name], (value) =>
      isJsonObject(value) ? { value } : { problem: 'is not an object' },
    );
    return new Fields(object ?? {}, this.#pathOf(name), this.problems);
  }

  /**
   * The objects of a list; undefined when there is no list. An entry that is no object stays in its place as an
   * empty one (and a problem), so that its presence is not lost.
   */
  children(...names: readonly string[]): Fields[] | undefined {
    const found = this.#find(names);
    if (found === undefined) return undefined;
    const { name, value } = found;
    if (!Array.isArray(value)) {
      this.#note(name, 'is not a list');
      return undefined;
    }
    return value.map((entry, index) => {
      const place = `${name}[${index}]`;
      if (!isJsonObject(entry)) this.#note(place, 'is not an object');
      return new Fields(isJsonObject(entry) ? entry : {}, this.#pathOf(place), this.problems);
    });
  }

  /** True when one of the names carries anything but null, "" or "None". */
  has(...names: readonly string[]): boolean {
    return this.#find(names) !== undefined;
  }

  /** True when the field is printed at all, be it as null. */
  mentions(name: string): boolean {
    return Object.hasOwn(this.object, name);
  }

  /** Of what JSON type a field is, where one name stands for two things. */
  shapeOf(name: string): 'object' | 'number' | 'absent' | 'other' {
    const found = this.#find([name]);
    if (found === undefined) return 'absent';
    if (isJsonObject(found.value)) return 'object';
    return Decimal.isDecimal(found.value) ? 'number' : 'other';
  }

  /** Records that a field was there and could not be used. */
  reject(name: string, problem: string): void {
    this.#note(name, problem);
  }

  #read<T>(names: readonly string[], reader: (value: JsonValue) => Read<T>): T | undefined {
    const found = this.#find(names);
    if (found === undefined) return undefined;
    const result = reader(found.value);
    if ('value' in result) return result.value;
    this.#note(found.name, result.problem);
    return undefined;
  }

  #find(names: readonly string[]): { readonly name: string; readonly value: JsonValue } | undefined {
    for (const name of names) {
      const value = Object.hasOwn(this.object, name) ? this.object[name] : undefined;
      if (value !== undefined && !isBlank(value)) return { name, value };
    }
    return undefined;
  }

  #note(name: string, problem: string): void {
    this.problems.push({ path: this.#pathOf(name), problem });
  }

  #pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

/** QI writes "nothing" as null, as "" and, from its Python, as "None". */
function isBlank(value: JsonValue): boolean {
  if (typeof value !== 'string') return value === null;
  const text = value.trim();
  return text === '' || (text.length === 4 && text.toLowerCase() === 'none');
}

function asText(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value.trim();
  const isWhole = Decimal.isDecimal(value) && value.isInteger() && value.gte(0);
  return isWhole ? value.toFixed() : undefined;
}

function asDecimal(value: JsonValue): Decimal | undefined {
  if (typeof value === 'string') return parseDecimal(value.trim());
  return Decimal.isDecimal(value) ? value : undefined;
}
