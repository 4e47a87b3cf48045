import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** The part of a page that a command writes: between marks of its own, so that it may be written again, and others beside it. */
export function writeSection(
  file: string,
  { name, text }: { readonly name: string; readonly text: string },
): void {
  const [begin, end] = [`<!-- begin: ${name} -->`, `<!-- end: ${name} -->`];
  const section = `${begin}\n\n${text.trim()}\n\n${end}`;
  const page = existsSync(file) ? readFileSync(file, 'utf8') : '# Reliability\n';
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  const isThere = from !== -1 && to > from;
  writeFileSync(
    file,
    isThere
      ? page.slice(0, from) + section + page.slice(to + end.length)
      : `${page.trimEnd()}\n\n${section}\n`,
  );
}
