import { z } from 'zod';
import { parseCalendarDate, parseDecimal } from '../../kernel';
import { fieldDefinition, isFieldName, type FieldName } from './fields';
import type { OperandScope, Report } from './operands';
import { isOperator } from './operators';
import { PRODUCT_LABELS, type Product } from './product';
import { readInteger, readReais } from './scalars';

/*
 * The small parts that policy documents are made of. Each gives its value in its one written form, or an issue in
 * Portuguese.
 */

const portuguese = z.locales.pt().localeError;

/** zod's own messages, in Portuguese. */
export const ptBr = {
  error: (issue: Parameters<typeof portuguese>[0]) =>
    issue.code === 'invalid_type' && issue.input === undefined ? 'não foi preenchido' : portuguese(issue),
};

export interface Context {
  addIssue(issue: { code: 'custom'; message: string; path: PropertyKey[]; input: unknown }): void;
}
export const reporter =
  (ctx: Context, ...base: (string | number)[]): Report =>
  (message, path, value) => {
    ctx.addIssue({ code: 'custom', message, path: [...base, ...path], input: value });
  };

export const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,59}$/, 'esperado um identificador: minúsculas, dígitos, ".", "_" e "-"');
export const reasonCode = z
  .string()
  .regex(/^(?!DATA_MISSING)[A-Z][A-Z0-9_]{1,59}$/, 'esperado um código de motivo, como AGE_BELOW_MINIMUM');
export const sentence = z.string().trim().min(1, 'a frase está vazia').max(300);
export const label = z.string().trim().min(1, 'o nome está vazio').max(120);

/** A decimal in text, in its one written form: "0.0250" becomes "0.025". */
export const decimal = (expected: string, accepts: (text: string) => boolean = () => true) =>
  z.string({ error: expected }).transform((text, ctx) => {
    const value = parseDecimal(text);
    if (value !== undefined && !value.isNegative() && accepts(value.toFixed())) return value.toFixed();
    ctx.addIssue({ code: 'custom', message: expected, input: text });
    return z.NEVER;
  });
export const atMostPlaces = (places: number) => (text: string) => (text.split('.')[1] ?? '').length <= places;

export const amount = z.unknown().transform((raw, ctx) => {
  const reading = readReais(raw);
  if (reading.ok) return reading.value;
  ctx.addIssue({ code: 'custom', message: reading.message, input: raw });
  return z.NEVER;
});

/** Pricing and the archive count rates in units of 10^-12. */
const RATE_PLACES = 12;

export const rate = ({ stored }: Pick<Scope, 'stored'>) =>
  decimal(
    `esperada uma taxa em fração, em texto, de "0" a "1" e com até ${String(RATE_PLACES)} casas: "0.0249" é 2,49%`,
    (text) => /^(0(\.\d+)?|1)$/.test(text) && (stored || atMostPlaces(RATE_PLACES)(text)),
  );

export const integer = (minimum: number, maximum: number) =>
  z.unknown().transform((raw, ctx) => {
    const value = readInteger(raw);
    if (value !== undefined && value >= minimum && value <= maximum) return value;
    const message = `esperado um número inteiro de ${String(minimum)} a ${String(maximum)}`;
    ctx.addIssue({ code: 'custom', message, input: raw });
    return z.NEVER;
  });

export const date = z.string().transform((text, ctx) => {
  const value = parseCalendarDate(text);
  if (value !== undefined) return value;
  ctx.addIssue({ code: 'custom', message: 'esperada uma data que exista, AAAA-MM-DD', input: text });
  return z.NEVER;
});

/** What a part of a document may say: what it may refer to, and which bounds hold for it. */
export interface Scope extends OperandScope {
  readonly product: Product;
  /** Their kinds by their names. */
  readonly tables: ReadonlyMap<string, string>;
}

/** The name of any field of the dictionary. */
export const field = z.string().transform((name, ctx) => {
  if (isFieldName(name)) return name;
  ctx.addIssue({ code: 'custom', message: 'este campo não existe no dicionário', input: name });
  return z.NEVER;
});

/** The name of a field that one product knows. */
export const fieldOf = (product: Product) =>
  field.superRefine((name, ctx) => {
    const problem = strangeTo(product, name);
    if (problem !== undefined) reporter(ctx)(problem, [], name);
  });

/** Why a product's section may not speak of a field; undefined when it may. */
export function strangeTo(product: Product, name: FieldName): string | undefined {
  const { products } = fieldDefinition(name);
  if (products.includes(product)) return undefined;
  const owners = products.map((owner) => PRODUCT_LABELS[owner]).join(' e ');
  return `o campo ${name} é de ${owners}, e não existe em ${PRODUCT_LABELS[product]}`;
}

export const operator = z.string().transform((name, ctx) => {
  if (isOperator(name)) return name;
  ctx.addIssue({ code: 'custom', message: 'este operador não existe', input: name });
  return z.NEVER;
});

/** Refuses a second item with the same name: problems and traces speak of items by name. */
export function distinct<T>(key: (item: T) => string) {
  return (items: readonly T[], ctx: Context): void => {
    const seen = new Set<string>();
    items.forEach((item, index) => {
      if (seen.has(key(item))) reporter(ctx)('nome repetido', [index], key(item));
      seen.add(key(item));
    });
  };
}
