/** CSV read letter by letter, in another way than the product's: undefined where it is none. */
export function naiveCsv(bytes: Uint8Array): readonly (readonly string[])[] | undefined {
  const text = decoded(bytes);
  if (text === undefined || text.includes('\0')) return undefined;
  const separator = separatorOf(text);
  const rows: string[][] = [[]];
  let cell = '';
  let state: 'start' | 'bare' | 'quoted' | 'closed' = 'start';
  const put = (): void => {
    const whole = state === 'closed' ? cell : cell.trim();
    rows.at(-1)?.push(/^'+[=+\-@\t\r]/.test(whole) ? whole.slice(1) : whole);
    [cell, state] = ['', 'start'];
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (state === 'quoted') {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') [cell, at] = [`${cell}"`, at + 1];
      else state = 'closed';
    } else if (letter === separator) put();
    else if (letter === '\r' || letter === '\n') {
      if (letter === '\r') at += /^\r?\n/.exec(text.slice(at + 1, at + 3))?.[0].length ?? 0;
      put();
      rows.push([]);
    } else if (letter === '"' && state === 'start') state = 'quoted';
    else if (letter === '"' || state === 'closed') return undefined;
    else [cell, state] = [cell + letter, 'bare'];
  }
  if (state === 'quoted') return undefined;
  put();
  return rows;
}

function decoded(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const isWide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  try {
    const label = isWide ? (first === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function separatorOf(text: string): string {
  const line = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const counts = [';', ',', '\t'].map((one) => Array.from(line).filter((letter) => letter === one).length);
  return [';', ',', '\t'][counts.indexOf(Math.max(...counts))] ?? ';';
}
