import { DateTimePicker } from '@mantine/dates';

export interface MomentInputProps {
  readonly label: string;
  readonly description: string;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** A day and an hour to come. Its calendar is a twentieth of the console: see `LaterMoment`. */
export function MomentInput(props: MomentInputProps) {
  return <DateTimePicker valueFormat="DD/MM/YYYY HH:mm" required {...props} />;
}
