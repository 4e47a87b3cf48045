import type { Charts } from '../../api/client';
import { percent } from '../../format/format';
import type { BarChart } from '../../parts/bars';
import { withEmptyHours, withEmptyMargins, withEmptyRates, withEmptySeconds } from './empty-bins';

/* What the charts of the history draw as bars. */

export const RATES: BarChart<Charts['rates'][number]> = {
  label: 'Lances ganhos e perdidos por faixa de taxa mensal',
  place: ({ from }) => Number(from),
  filled: withEmptyRates,
  name: ({ from }) => percent(from),
  stacked: true,
  series: [
    { name: 'Ganhos', color: 'main', value: ({ won }) => won },
    { name: 'Perdidos', color: 'muted', value: ({ lost }) => lost },
  ],
};

export const MARGINS: BarChart<Charts['margins'][number]> = {
  label: 'Margem esperada e realizada, em reais, por faixa de taxa mensal',
  place: ({ from }) => Number(from),
  filled: withEmptyMargins,
  unit: 'reais',
  name: ({ from }) => percent(from),
  series: [
    { name: 'Esperada', color: 'muted', value: ({ expected }) => Number(expected) },
    { name: 'Realizada', color: 'main', value: ({ realised }) => Number(realised) },
  ],
};

type Hour = Charts['hours'][number];
const COUNTS: BarChart<Omit<Hour, 'hour'>>['series'] = [
  { name: 'Recebidos', color: 'muted', value: ({ received }) => received },
  { name: 'Lances', color: 'second', value: ({ bid }) => bid },
  { name: 'Ganhos', color: 'main', value: ({ won }) => won },
];

export const HOURS: BarChart<Hour> = {
  label: 'Leilões por hora do dia',
  place: ({ hour }) => hour,
  filled: withEmptyHours,
  name: ({ hour }) => `${String(hour)}h`,
  series: COUNTS,
};

export const TENURES: BarChart<Charts['tenures'][number]> = {
  label: 'Leilões por tempo no emprego',
  place: ({ from_months: months }) => months,
  name: ({ from_months: months }) => (months < 12 ? `${String(months)} m+` : `${String(months / 12)} a+`),
  series: COUNTS,
};

export const SECONDS_LEFT: BarChart<Charts['seconds_left'][number]> = {
  label: 'Segundos que restavam quando o lance foi enviado',
  place: ({ from }) => from,
  filled: withEmptySeconds,
  name: ({ from }) => `${String(from)}–${String(from + 5)} s`,
  series: [{ name: 'Lances', color: 'second', value: ({ bids }) => bids }],
};

export const TERMS: BarChart<Charts['terms'][number]> = {
  label: 'Lances por prazo',
  place: ({ term }) => term,
  name: ({ term }) => `${String(term)}x`,
  series: [
    { name: 'Lances', color: 'muted', value: ({ bid }) => bid },
    { name: 'Ganhos', color: 'main', value: ({ won }) => won },
  ],
};
