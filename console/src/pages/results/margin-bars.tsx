import { useMemo } from 'react';
import { Bars, type BarChart } from '../../parts/bars';
import { keyInWords } from '../../words/result-words';
import type { DatedLooks, Line } from './looks';
import { placeIn } from './period';

interface Bar {
  readonly place: number | string;
  readonly name: string;
  readonly realised: number;
  readonly expected: number;
}

const MARGINS: BarChart<Bar> = {
  label: 'Margem realizada e esperada, em reais',
  place: ({ place }) => place,
  name: ({ name }) => name,
  unit: 'reais',
  series: [
    { name: 'Realizada', color: 'main', value: ({ realised }) => realised },
    { name: 'Esperada', color: 'muted', value: ({ expected }) => expected },
  ],
};

export function MarginBars({ results, before, period, other }: DatedLooks) {
  const { by } = results;
  const rows = useMemo(() => barsOf(by, results.lines, period.from), [by, results, period.from]);
  const start = other?.from;
  const then = useMemo(
    () => (before === undefined || start === undefined ? undefined : barsOf(by, before.lines, start)),
    [by, before, start],
  );
  return <Bars chart={MARGINS} rows={rows} before={then} />;
}

const barsOf = (by: string, lines: readonly Line[], from: string): readonly Bar[] =>
  lines.map(({ key, realised_margin: realised, expected_margin: expected }) => ({
    place: placeIn(by, key, from),
    name: keyInWords(by, key),
    realised: Number(realised.value),
    expected: Number(expected.value),
  }));
