import { SheetError } from '../domain/sheet';
import { MAX_TABS } from './limits';
import { relationsOf, type Relation } from './relations';
import { readXml, type Attributes } from './xml';
import type { ZipFile } from './zip';

/** A tab of a workbook, in the order in which a person sees them. */
export interface Tab {
  readonly name: string;
  readonly hidden: boolean;
  /** The part that holds its cells. */
  readonly part: string;
}

export interface Workbook {
  readonly tabs: readonly Tab[];
  readonly sharedStrings: string | undefined;
  readonly styles: string | undefined;
  /** Whether its formulas are still to be calculated: programs that cannot, write 0 as the value of each. */
  readonly isUncalculated: boolean;
}

/** What is in a workbook, and which part holds what: its relations say so, never a part's name. @throws SheetError */
export function readWorkbook(zip: ZipFile): Workbook {
  if (!zip.has('[Content_Types].xml'))
    throw new SheetError(
      '',
      zip.has('mimetype')
        ? 'o arquivo é de outro programa (.ods?): salve-o como .xlsx'
        : 'o arquivo não é uma planilha XLSX',
    );
  const main = onlyPart(relationsOf(zip, ''), 'officeDocument');
  if (main === undefined) throw new SheetError('', 'o arquivo não é uma planilha XLSX');
  const relations = relationsOf(zip, main);
  const tabs: Tab[] = [];
  let isUncalculated = false;
  readXml(main, zip.part(main), {
    root: 'workbook',
    shapes: {
      'workbook/sheets': { children: ['sheet'] },
      'workbook/sheets/sheet': { attributes: ['name', 'sheetId', 'state'] },
    },
    open(path, attributes) {
      if (path === 'workbook/calcPr') isUncalculated ||= awaitsCalculation(attributes);
      if (path !== 'workbook/sheets/sheet') return;
      const [name, id] = [attributes.get('name'), attributes.get('r:id')];
      const relation = id === undefined ? undefined : relations.get(id);
      if (name === undefined || relation === undefined)
        throw new SheetError('', `falta à planilha a aba ${name ?? ''}`);
      if (tabs.length >= MAX_TABS) throw new SheetError('', 'a planilha tem abas demais');
      // A tab may also be a chart, which has no cells.
      if (relation.type !== 'worksheet') return;
      if (relation.part === undefined) throw new SheetError('', `a aba ${name} está em outro arquivo`);
      tabs.push({ name, hidden: isHidden(name, attributes.get('state')), part: relation.part });
    },
  });
  return {
    tabs,
    sharedStrings: onlyPart(relations, 'sharedStrings'),
    styles: onlyPart(relations, 'styles'),
    isUncalculated,
  };
}

/**
 * The tab to read: the one asked for by name, or the first that is not hidden.
 * @throws SheetError when there is none, or more than one of that name
 */
export function chosenTab(tabs: readonly Tab[], name: string | undefined): Tab {
  const wanted = name?.toLowerCase();
  const fitting = tabs.filter((tab) =>
    wanted === undefined ? !tab.hidden : tab.name.toLowerCase() === wanted,
  );
  const [first, second] = fitting;
  if (tabs.length === 0) throw new SheetError('', 'a planilha não tem nenhuma aba com células');
  const names = tabs.map((tab) => `“${tab.name}”`).join(', ');
  if (first === undefined)
    throw new SheetError(
      '',
      wanted === undefined
        ? `todas as abas da planilha estão ocultas (${names}): diga qual ler`
        : `a planilha não tem uma aba “${name ?? ''}”; tem ${names}`,
    );
  if (wanted !== undefined && second !== undefined)
    throw new SheetError('', `a planilha tem duas abas “${first.name}”`);
  return first;
}

function isHidden(name: string, state = 'visible'): boolean {
  if (!['visible', 'hidden', 'veryHidden'].includes(state))
    throw new SheetError('', `não se sabe se a aba ${name} está oculta`);
  return state !== 'visible';
}

function onlyPart(relations: ReadonlyMap<string, Relation>, type: string): string | undefined {
  const [first, second] = [...relations.values()].filter((relation) => relation.type === type);
  if (second !== undefined) throw new SheetError('', `a planilha tem duas partes para o mesmo fim (${type})`);
  return first?.part;
}

/** What calculates a workbook takes the first away, and does not say the second. */
function awaitsCalculation(attributes: Attributes): boolean {
  const [onLoad, completed] = [attributes.get('fullCalcOnLoad'), attributes.get('calcCompleted')];
  return !['0', 'false'].includes(onLoad ?? '0') || !['1', 'true'].includes(completed ?? '1');
}
