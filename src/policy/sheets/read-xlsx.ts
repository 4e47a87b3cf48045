import type { HiddenCells } from './sheet-job';
import { readDateStyles } from './styles';
import { readSharedStrings } from './strings';
import { chosenTab, readWorkbook, type Tab } from './workbook';
import { readWorksheet, type RowSink } from './worksheet';
import { ZipFile } from './zip';

export interface XlsxReading {
  readonly tab: Tab;
  readonly tabs: readonly Tab[];
  /** Gives every row to the sink, and says what of them is hidden. @throws SheetError at the first cell that cannot be read exactly */
  readonly rows: (sink: RowSink) => HiddenCells;
}

/**
 * Opens a workbook at the tab of this name, or at the first that is not hidden.
 * @throws SheetError when it cannot be read exactly
 */
export function openXlsx(bytes: Uint8Array, tabName?: string): XlsxReading {
  const zip = new ZipFile(bytes);
  const { tabs, sharedStrings, styles, isUncalculated } = readWorkbook(zip);
  const tab = chosenTab(tabs, tabName);
  const context = {
    tab: tab.name,
    isUncalculated,
    strings: sharedStrings === undefined ? [] : readSharedStrings(sharedStrings, zip.part(sharedStrings)),
    dateStyles: styles === undefined ? [] : readDateStyles(styles, zip.part(styles)),
  };
  const rows = (sink: RowSink): HiddenCells => readWorksheet(tab.part, zip.part(tab.part), context, sink);
  return { tab, tabs, rows };
}
