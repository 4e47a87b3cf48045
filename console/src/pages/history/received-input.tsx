import { DatePickerInput } from '@mantine/dates';
import { today } from '../../format/format';
import { HELP } from '../../words/help-words';
import { daysAfter } from '../results/period';

const PERIODS = [
  { days: 1, label: 'Hoje' },
  { days: 7, label: 'Últimos 7 dias' },
  { days: 30, label: 'Últimos 30 dias' },
];

const lastDays = (days: number): [string, string] => [daysAfter(today(), 1 - days), today()];

/** The days on which auctions were received. Its calendar is a twentieth of the console: the bar of filters loads it after itself. */
export function ReceivedInput({
  from,
  to,
  onChange,
}: {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly onChange: (days: { readonly de: string | undefined; readonly ate: string | undefined }) => void;
}) {
  return (
    <DatePickerInput
      type="range"
      label="Período"
      description={HELP.look.received}
      placeholder="Todo o período"
      valueFormat="DD/MM/YYYY"
      allowSingleDateInRange
      clearable
      w={240}
      presets={PERIODS.map(({ days, label }) => ({ label, value: lastDays(days) }))}
      value={[from ?? null, to ?? null]}
      onChange={([de, ate]) => {
        onChange({ de: de ?? undefined, ate: ate ?? undefined });
      }}
    />
  );
}
