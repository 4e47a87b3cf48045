import { DateTime, FixedOffsetZone, type Zone } from 'luxon';

/**
 * - date_time: an instant; `zoned` tells whether the text carried its own zone.
 * - date: a day, no time of day.
 * - month: a payroll competence such as 2026-03.
 */
export type ReadTime =
  | { readonly kind: 'date_time'; readonly instant: Date; readonly zoned: boolean }
  | { readonly kind: 'date'; readonly text: string }
  | { readonly kind: 'month'; readonly text: string };

const ISO_FORM =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/i;
const DAY_FIRST_FORM = /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}:\d{2}:\d{2})$/;
const DATE_FORM = /^\d{4}-\d{2}-\d{2}$/;
const MONTH_FORM = /^\d{4}-\d{2}$/;

/**
 * Reads every form of time that the manuals print: with `T` or a blank, with or without fraction and zone, day
 * first with slashes (reservation receipts), plain dates and months. Undefined when it is none, or no such moment
 * exists. Fractions are cut to milliseconds. A time without a zone is UTC: no manual says so, but QI's agree with it
 * wherever a neighbouring field allows the comparison. The `Z` of the auction's own limits is doubtful and is judged by
 * the auction, not here.
 */
export function readTime(text: string): ReadTime | undefined {
  const printed = text.trim();
  if (DATE_FORM.test(printed)) return exists(printed) ? { kind: 'date', text: printed } : undefined;
  if (MONTH_FORM.test(printed)) return exists(`${printed}-01`) ? { kind: 'month', text: printed } : undefined;
  const iso = ISO_FORM.exec(printed);
  if (iso) {
    const [, date = '', time = '', fraction = '', zone] = iso;
    return readInstant(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}`, zone);
  }
  const dayFirst = DAY_FIRST_FORM.exec(printed);
  if (dayFirst) {
    const [, day = '', month = '', year = '', time = ''] = dayFirst;
    return readInstant(`${year}-${month}-${day}T${time}`, undefined);
  }
  return undefined;
}

function readInstant(local: string, zone: string | undefined): ReadTime | undefined {
  const read = DateTime.fromISO(local, { zone: zoneOf(zone) });
  return read.isValid
    ? { kind: 'date_time', instant: read.toJSDate(), zoned: zone !== undefined }
    : undefined;
}

/** @param printed `Z` or an offset; undefined where none is printed */
function zoneOf(printed: string | undefined): Zone {
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(printed ?? 'Z');
  if (!offset) return FixedOffsetZone.utcInstance;
  const minutes = Number(offset[2]) * 60 + Number(offset[3]);
  return FixedOffsetZone.instance(offset[1] === '-' ? -minutes : minutes);
}

function exists(date: string): boolean {
  return DateTime.fromISO(date, { zone: 'utc' }).isValid;
}
