import { DateTimePicker } from '@mantine/dates';
import { HELP } from '../../words/help-words';

/** When a version begins to decide. A file of its own: few who open a policy need a calendar. */
export function ActivationTime({
  at,
  onChange,
}: {
  readonly at: string | null;
  readonly onChange: (at: string | null) => void;
}) {
  return (
    <DateTimePicker
      label="Quando"
      description={HELP.policy.activateAt}
      valueFormat="DD/MM/YYYY HH:mm"
      required
      value={at}
      onChange={onChange}
    />
  );
}
