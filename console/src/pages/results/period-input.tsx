import { DatePickerInput } from '@mantine/dates';
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
  return (
    <DatePickerInput
      type="range"
      label={label}
      description={help}
      valueFormat="DD/MM/YYYY"
      allowSingleDateInRange
      w={240}
      value={[from, to]}
      onChange={([de, ate]) => {
        if (de !== null && ate !== null) onChange({ de, ate });
      }}
    />
  );
}
