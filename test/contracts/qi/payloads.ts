import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, parseJson, type JsonObject } from '../../../src/kernel';

const ROOT = join(__dirname, 'payloads');

/** Every printed document, as `product/file-name` without the extension. */
export const payloadNames: readonly string[] = readdirSync(ROOT)
  .flatMap((product) => readdirSync(join(ROOT, product)).map((file) => `${product}/${file}`))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))
  .sort();

/** The printed text of a document. */
export function payloadText(name: string): string {
  return readFileSync(join(ROOT, `${name}.json`), 'utf8');
}

export function payload(name: string): JsonObject {
  const document = parseJson(payloadText(name));
  if (!isJsonObject(document)) throw new TypeError(`${name} is not a JSON object`);
  return document;
}
