import { Select } from '@mantine/core';
import { AGAINST, AGAINST_LABEL, chosenPeriod, otherPeriod, type Period } from './period';
import { PeriodInput } from './period-input';
import { HELP } from '../../words/help-words';

const DATES = 'datas';
const OPTIONS = [
  ...AGAINST.map((value) => ({ value, label: AGAINST_LABEL[value] })),
  { value: DATES, label: 'Outras datas' },
];

interface Props {
  /** What is looked at; without one there is nothing to hold against another, for the reason given. */
  readonly period: Period | undefined;
  /** As `otherPeriod` reads it. */
  readonly reason?: string;
  readonly value: string | undefined;
  readonly onChange: (against: string | undefined) => void;
}

/** Which other period the figures of a page are held against. */
export function AgainstInput({ period, reason = 'Escolha um período', value, onChange }: Props) {
  const other = period && otherPeriod(value, period);
  const isNamed = AGAINST.some((name) => name === value);
  const choose = (name: string | null): void => {
    const start = period && otherPeriod('anterior', period);
    onChange(name === DATES ? start && chosenPeriod(start) : (name ?? undefined));
  };
  return (
    <>
      <Select
        label="Comparar com"
        description={HELP.look.against}
        placeholder={period === undefined ? reason : 'Nada'}
        disabled={period === undefined}
        clearable
        w={200}
        data={OPTIONS}
        value={other === undefined ? null : isNamed ? (value ?? null) : DATES}
        onChange={choose}
      />
      {other !== undefined && !isNamed && (
        <PeriodInput
          label="Período comparado"
          help={HELP.look.againstPeriod}
          from={other.from}
          to={other.to}
          onChange={({ de, ate }) => {
            onChange(chosenPeriod({ from: de, to: ate }));
          }}
        />
      )}
    </>
  );
}
