import { SheetError } from '../domain/sheet';
import { readXml } from './xml';
import type { ZipFile } from './zip';

/** What one part of a workbook says of another. */
export interface Relation {
  /** The last word of its type, as in `worksheet` or `sharedStrings`. */
  readonly type: string;
  /** The name of the other part; undefined for what is not in the file. */
  readonly part: string | undefined;
}

/**
 * The relations of a part, by their ids; none where it has none. Of the whole file: those of the part `''`.
 * @throws SheetError
 */
export function relationsOf(zip: ZipFile, part: string): ReadonlyMap<string, Relation> {
  const cut = part.lastIndexOf('/') + 1;
  const own = `${part.slice(0, cut)}_rels/${part.slice(cut)}.rels`;
  const relations = new Map<string, Relation>();
  if (!zip.has(own)) return relations;
  readXml(own, zip.part(own), {
    root: 'Relationships',
    shapes: {
      Relationships: { children: ['Relationship'] },
      'Relationships/Relationship': { attributes: ['Id', 'Type', 'Target', 'TargetMode'] },
    },
    open(path, attributes) {
      if (path !== 'Relationships/Relationship') return;
      const [id, type, target] = ['Id', 'Type', 'Target'].map((name) => attributes.get(name));
      if (id === undefined || type === undefined || target === undefined || relations.has(id))
        throw new SheetError('', `a parte ${own} da planilha não diz onde está o quê`);
      const isInside = attributes.get('TargetMode') !== 'External';
      relations.set(id, {
        type: type.slice(type.lastIndexOf('/') + 1),
        part: isInside ? resolved(part.slice(0, cut), target) : undefined,
      });
    },
  });
  return relations;
}

/** A target is an address seen from the folder of the part that names it. */
function resolved(folder: string, target: string): string {
  try {
    return decodeURIComponent(new URL(target, `zip://x/${folder}`).pathname).slice(1);
  } catch {
    throw new SheetError('', 'a planilha aponta para uma parte sem nome possível');
  }
}
