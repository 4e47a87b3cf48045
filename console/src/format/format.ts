/**
 * How things are written in Brazil. Amounts and rates arrive as exact decimals in text and stay text: nothing here
 * makes a binary float of them.
 */

export const NOTHING = '–';
/** Between a number and its unit, which no line break parts. */
const NBSP = '\u00a0';
const ZONE = 'America/Sao_Paulo';
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** "1234.5" with two places is "1.234,50". A decimal with more digits than `places` is rounded half up. */
export function decimal(text: string, places: number): string {
  const [, sign = '', whole = '0', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (!DECIMAL.test(text)) return text;
  const kept = fraction.slice(0, places).padEnd(places, '0');
  const roundsUp = (fraction[places] ?? '0') >= '5';
  const scaled = BigInt(whole + kept) + (roundsUp ? 1n : 0n);
  const digits = scaled.toString().padStart(places + 1, '0');
  const integer = places === 0 ? digits : digits.slice(0, -places);
  const grouped = integer.replace(/\B(?=(\d{3})+$)/g, '.');
  const minus = sign !== '' && scaled !== 0n ? '-' : '';
  return `${minus}${grouped}${places === 0 ? '' : `,${digits.slice(-places)}`}`;
}

/** "R$ 1.234,56" */
export function reais(text: string | null | undefined): string {
  return text == null ? NOTHING : decimal(text, 2).replace(/^-?/, `$&R$$${NBSP}`);
}

/** For tiles and axes: "R$ 1,2 mi", "R$ 350 mil". */
export function shortReais(text: string): string {
  const [, , whole = '0'] = DECIMAL.exec(text) ?? [];
  if (whole.length > 9) return `R$${NBSP}${decimal(shift(text, -9), 1)}${NBSP}bi`;
  if (whole.length > 6) return `R$${NBSP}${decimal(shift(text, -6), 1)}${NBSP}mi`;
  if (whole.length > 4) return `R$${NBSP}${decimal(shift(text, -3), 0)}${NBSP}mil`;
  return `R$${NBSP}${decimal(text, 0)}`;
}

/** A fraction as a percentage: "0.0249" is "2,49%". */
export function percent(text: string | null | undefined, places = 2): string {
  return text == null ? NOTHING : `${decimal(shift(text, 2), places)}%`;
}

/** "2,49% a.m." */
export function monthlyRate(text: string | null | undefined): string {
  return text == null ? NOTHING : `${percent(text)}${NBSP}a.m.`;
}

/** A share that was counted, not an amount: 0.613 is "61,30%". */
export function share(value: number | null | undefined, places = 2): string {
  return value == null ? NOTHING : `${(value * 100).toFixed(places).replace('.', ',')}%`;
}

export function count(value: number): string {
  return decimal(String(Math.trunc(value)), 0);
}

/** What somebody typed, "1.234,56" or "2,49": a decimal as the API wants it; undefined when it is none. */
export function typedDecimal(text: string): string | undefined {
  const plain = ungrouped(text.trim().replace(/^R\$\s*/, '')).replace(',', '.');
  return /^\d+(\.\d+)?$/.test(plain) ? plain : undefined;
}

/** Without the points that group thousands, as in "1.234,56"; a point anywhere else stays. */
export function ungrouped(text: string): string {
  return text.replace(/^-?[1-9]\d{0,2}(\.\d{3})+(?=,|$)/, (whole) => whole.replaceAll('.', ''));
}

/**
 * What somebody typed for a percentage, "2,49" or "2.49%": the fraction, as the API wants it. "0.0359" may be one already,
 * and "2.490" may be two thousand: such a point means nothing where no sign says percent, and is refused.
 */
export function typedRate(text: string): string | undefined {
  const [, number = '', sign] = /^(.*?)\s*(%?)$/.exec(text.trim()) ?? [];
  if (sign === '' && /^0+\.|^\d+\.\d{3}$/.test(number)) return undefined;
  const typed = typedDecimal(number);
  return typed === undefined ? undefined : shift(typed, -2);
}

/** A rate as people type it, "2,495" of 0.02495: no digit is lost, and two are always there. */
export function writtenRate(text: string): string {
  return inFull(shift(text, 2));
}

/** An amount in the same way: "1.000,00". */
export function inFull(text: string): string {
  const [, fraction = ''] = text.split('.');
  return decimal(text, Math.max(2, fraction.replace(/0+$/, '').length));
}

/** Moves the decimal point: by 2 for a percentage, by -3 for thousands. */
export function shift(text: string, places: number): string {
  const match = DECIMAL.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const digits = whole + fraction;
  const point = whole.length + places;
  const padded = point <= 0 ? digits.padStart(digits.length - point + 1, '0') : digits.padEnd(point, '0');
  const at = point <= 0 ? 1 : point;
  const integer = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const rest = padded.slice(at);
  return `${sign}${integer}${rest === '' ? '' : `.${rest}`}`;
}

const dayAndTime = new Intl.DateTimeFormat('pt-BR', {
  timeZone: ZONE,
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const exactTime = new Intl.DateTimeFormat('pt-BR', {
  timeZone: ZONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const exactFraction = new Intl.DateTimeFormat('pt-BR', {
  timeZone: ZONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const day = new Intl.DateTimeFormat('pt-BR', {
  timeZone: ZONE,
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
});

/** "21/11/2026 02:15", São Paulo time. */
export function dateTime(instant: string | null | undefined): string {
  return instant == null ? NOTHING : dayAndTime.format(new Date(instant)).replace(',', '');
}

/** "21/11/2026 02:15:07", São Paulo time: for what is a matter of seconds. */
export function exactDateTime(instant: string | null | undefined): string {
  return instant == null ? NOTHING : `${date(instant)} ${time(instant)}`;
}

/** "02:15:07", São Paulo time. */
export function time(instant: string | null | undefined): string {
  return instant == null ? NOTHING : exactTime.format(new Date(instant));
}

/** "02:15:07,123" */
export function timeWithMs(instant: string): string {
  return exactFraction.format(new Date(instant));
}

/** "21/11/2026": of an instant in São Paulo, or of a calendar date as it stands. */
export function date(text: string | null | undefined): string {
  if (text == null) return NOTHING;
  const [, year, month, dayOfMonth] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  return year === undefined ? day.format(new Date(text)) : `${dayOfMonth}/${month}/${year}`;
}

const isoDay = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE });

/** The calendar date of a moment in São Paulo, "2026-11-21". */
export function dayOf(moment: Date): string {
  return isoDay.format(moment);
}

/** Today in São Paulo, "2026-11-21". */
export function today(): string {
  return dayOf(new Date());
}

/** Whether a text is a day that the calendar has, as the API writes it: "2026-02-31" is none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const noon = new Date(`${text}T12:00:00Z`);
  return !Number.isNaN(noon.getTime()) && noon.toISOString().startsWith(text);
}

/** What a date picker says, "2026-11-21 14:30" in São Paulo (no daylight saving time since 2019): an instant for the API. */
export function instantOf(picked: string): string {
  return new Date(`${picked.replace(' ', 'T')}-03:00`).toISOString();
}

/** "850 ms", "1,2 s", "3 min 20 s", "2 h 5 min", "4 dias". */
export function duration(milliseconds: number | null | undefined): string {
  if (milliseconds == null) return NOTHING;
  if (milliseconds < 1_000) return `${Math.round(milliseconds)}${NBSP}ms`;
  const seconds = milliseconds / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1).replace('.', ',')}${NBSP}s`;
  if (seconds < 60) return `${Math.round(seconds)}${NBSP}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${NBSP}min${NBSP}${Math.floor(seconds % 60)}${NBSP}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}${NBSP}h${NBSP}${minutes % 60}${NBSP}min`;
  return `${Math.floor(hours / 24)}${NBSP}dias`;
}

/** A CNPJ with its punctuation, alphanumeric ones too; a CPF likewise; anything else as it is. */
export function taxpayer(document: string | null | undefined): string {
  if (document == null) return NOTHING;
  if (document === '***') return 'pessoa física';
  if (/^[\dA-Z]{12}\d{2}$/.test(document))
    return document.replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/, '$1.$2.$3/$4-$5');
  return /^\d{11}$/.test(document)
    ? document.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4')
    : document;
}

/** The first eight characters of a key: enough to recognise it by. */
export function shortKey(key: string): string {
  return key.length > 12 ? key.slice(0, 8) : key;
}

/** "134.2 MB" in Portuguese: "134,2 MB". */
export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(unit === 0 ? 0 : 1).replace('.', ',')}${NBSP}${units[unit]}`;
}
