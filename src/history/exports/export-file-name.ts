import { DateTime } from 'luxon';
import { SAO_PAULO } from '../../kernel';
import type { ExportRow } from './export-row';

/** By when it was asked for, as people's clocks show it: from 21:00 on, UTC has the day after. */
export function exportFileName(content: ExportRow['content'], format: ExportRow['format'], at: Date): string {
  const asked = DateTime.fromJSDate(at, { zone: SAO_PAULO }).toFormat('yyyy-MM-dd-HH-mm');
  return `${content === 'auctions' ? 'leiloes' : 'visao'}-${asked}.${format}`;
}
