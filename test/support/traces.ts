import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import type { Pool } from 'pg';

/** Somebody who exists nowhere else, by what is known of them. */
export type Canary = Readonly<Record<string, string>>;

/** Where traces were found, e.g. `auction.status_reason: cpf`. */
export type Trace = string;

/** Of a text that may be any size, everything it might say once its wrappings are off. */
function readings(bytes: Buffer, depth = 0): string[] {
  const utf8 = bytes.toString('utf8');
  const texts = [utf8, bytes.toString('latin1')];
  if (depth > 3) return texts;
  const inner = [...unpacked(bytes)];
  for (const [run] of utf8.matchAll(/[A-Za-z0-9+/_-]{12,}={0,2}/g)) {
    if (run.length < 20_000) inner.push(Buffer.from(run, 'base64'));
  }
  for (const [run] of utf8.matchAll(/([0-9a-f]{2}){6,}/gi)) inner.push(Buffer.from(run, 'hex'));
  const escaped = utf8.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  if (escaped !== utf8) texts.push(escaped);
  try {
    if (utf8.includes('%')) texts.push(decodeURIComponent(utf8.replace(/%(?![0-9a-f]{2})/gi, '%25')));
  } catch {
    // not the escaping of an address
  }
  // What stands inside something else that is encoded is looked at as far as it is short enough to be a value.
  return [
    ...texts,
    ...inner.filter(({ length }) => length >= 6).flatMap((part) => readings(part, depth + 2)),
  ];
}

function* unpacked(bytes: Buffer): Generator<Buffer> {
  for (const unpack of [gunzipSync, inflateSync, unzipSync]) {
    try {
      const unpacked = unpack(bytes);
      if (Buffer.isBuffer(unpacked)) yield unpacked;
      else for (const part of Object.values(unpacked)) yield Buffer.from(part);
    } catch {
      // not packed that way
    }
  }
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
/** 123.456.789-09, 19/07/1961 and (11) 98765-0123 without what stands between their digits. */
const joined = (text: string): string => text.replace(/(?<=\d)[.\-/() ]{1,2}(?=\d)/g, '');

/** Which of the canary's parts can be read in it, however they are dressed. */
export function tracesIn(content: string | Buffer, canary: Canary): string[] {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const texts = readings(bytes).flatMap((text) => [plain(text), joined(plain(text))]);
  return Object.entries(canary)
    .filter(([, value]) => texts.some((text) => text.includes(plain(value))))
    .map(([name]) => name);
}

/** Every column of every table that holds a part of the canary. */
export async function tracesInDatabase(sql: Pool, canary: Canary): Promise<Trace[]> {
  const { rows: columns } = await sql.query<{ table: string; column: string; type: string }>(
    `SELECT table_name AS table, column_name AS column, data_type AS type FROM information_schema.columns
     JOIN information_schema.tables USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const found: Trace[] = [];
  for (const { table, column, type } of columns) {
    const read = type === 'bytea' ? `"${column}"` : `"${column}"::text`;
    const { rows } = await sql.query<{ value: string | Buffer }>(
      `SELECT ${read} AS value FROM "${table}" WHERE "${column}" IS NOT NULL`,
    );
    const contents =
      type === 'bytea' ? rows.map(({ value }) => value) : [rows.map(({ value }) => String(value)).join('\n')];
    const traces = new Set(contents.flatMap((value) => tracesIn(value, canary)));
    found.push(...[...traces].map((name) => `${table}.${column}: ${name}`));
  }
  return found;
}

/** Every file below the directory that holds a part of the canary. */
export function tracesInFiles(directory: string, canary: Canary): Trace[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = join(directory, name);
    if (!statSync(path).isFile()) return [];
    return tracesIn(readFileSync(path), canary).map((trace) => `${name}: ${trace}`);
  });
}
