import { isJsonObject, parseJson, type JsonObject } from '../kernel';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON object these bytes are, with exact numbers; undefined for any other bytes. Never throws. */
export function readJsonObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value = parseJson(utf8.decode(bytes));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
