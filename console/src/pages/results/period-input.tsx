import { DatePickerInput } from '@mantine/dates';
import { useState } from 'react';
import { HELP } from '../../words/help-words';

/** From which day to which, both included; told once both are chosen. */
export function PeriodInput({
  label = 'Período',
  help = HELP.look.period,
  from,
  to,
  onChange,
}: {
  readonly label?: string;
  readonly help?: string;
  readonly from: string;
  readonly to: string;
  readonly onChange: (period: { readonly de: string; readonly ate: string }) => void;
}) {
  // The first day, while the last is not chosen; the calendar tells of it again as nothing when one leaves it so.
  const [begun, setBegun] = useState<string | null>(null);
  return (
    <DatePickerInput
      type="range"
      label={label}
      description={help}
      valueFormat="DD/MM/YYYY"
      allowSingleDateInRange
      w={240}
      value={begun === null ? [from, to] : [begun, null]}
      onChange={([de, ate]) => {
        setBegun(ate === null ? de : null);
        if (de !== null && ate !== null) onChange({ de, ate });
      }}
    />
  );
}
