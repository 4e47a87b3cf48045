import { readFileSync } from 'node:fs';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { JsonSchema } from './schema-arbitrary';

interface Media {
  readonly schema?: JsonSchema;
}
interface Described {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query' | 'header';
    readonly schema?: JsonSchema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

export interface Route extends Described {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its parameters in braces. */
  readonly path: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const description = JSON.parse(readFileSync('console/openapi.json', 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
};

export const SCHEMAS = description.components.schemas;

/** Every route that the API's description has. */
export const ROUTES: readonly Route[] = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({
    ...described,
    method: method.toUpperCase() as Route['method'],
    path,
  })),
);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'api', components: description.components });
const compiled = new Map<JsonSchema, ValidateFunction>();

/** Everything in which an answer is not as the description says, in words. */
export function faultsOf(route: Route, { status, type, text }: RawAnswer): string[] {
  if (status >= 400) return problemFaults(status, type, text);
  const described = route.responses[String(status)];
  if (status >= 300) return [];
  if (described === undefined) return [`answers ${status}, which is not described`];
  const medias = Object.entries(described.content ?? {});
  if (text === '') return medias.length === 0 ? [] : ['answers nothing where something is described'];
  const [, media] = medias.find(([name]) => type.startsWith(name)) ?? [];
  if (media === undefined) return [`answers ${type}, which is not described`];
  if (media.schema === undefined || !type.startsWith('application/json')) return [];
  const validate = validatorOf(media.schema);
  if (validate(JSON.parse(text))) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/** The same for an answer of any address; one that is not described has no faults. */
export function faultsAt(method: string, url: string, answer: RawAnswer): string[] {
  const segments = (url.split('?', 1)[0] ?? '').split('/');
  const [route] = ROUTES.filter(
    ({ method: verb, path }) => verb === method && fits(path.split('/'), segments),
  ).sort((one, other) => parametersIn(one) - parametersIn(other));
  return route === undefined ? [] : faultsOf(route, answer);
}

/** Of two that fit, the one with fewer is meant. */
const parametersIn = ({ path }: Route): number => path.split('{').length;

function fits(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, i) => (part.startsWith('{') ? segments[i] !== '' : part === segments[i]))
  );
}

function validatorOf(schema: JsonSchema): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const text = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/');
  const made = ajv.compile(JSON.parse(text) as object);
  compiled.set(schema, made);
  return made;
}

function problemFaults(status: number, type: string, text: string): string[] {
  if (!type.startsWith('application/problem+json')) return [`refuses as ${type}`];
  const problem = JSON.parse(text) as Record<string, unknown>;
  const faults: string[] = [];
  if (!/^urn:arremate:problem:[a-z_]+$/.test(String(problem['type']))) faults.push('has no type');
  if (problem['status'] !== status) faults.push('says another status');
  if (typeof problem['title'] !== 'string' || problem['title'] === '') faults.push('has no title');
  const errors = problem['errors'] ?? [];
  const isError = (each: unknown): boolean =>
    typeof each === 'object' && each !== null && 'path' in each && 'message' in each;
  if (!Array.isArray(errors) || !errors.every(isError)) faults.push('has errors without path and message');
  return faults;
}
