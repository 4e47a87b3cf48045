import { DatePickerInput } from '@mantine/dates';

/** From which day to which, both included; told once both are chosen. */
export function PeriodInput({
  label = 'Período',
  from,
  to,
  onChange,
}: {
  readonly label?: string;
  readonly from: string;
  readonly to: string;
  readonly onChange: (period: { readonly de: string; readonly ate: string }) => void;
}) {
  return (
    <DatePickerInput
      type="range"
      label={label}
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
