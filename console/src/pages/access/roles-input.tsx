import { MultiSelect } from '@mantine/core';
import { optionsOf, ROLE } from '../../words/words';
import { HELP } from '../../words/help-words';

const ROLES = optionsOf(ROLE);

/** What somebody is at work; one may be several things. */
export function RolesInput({
  roles,
  error,
  onChange,
}: {
  readonly roles: readonly string[];
  readonly error?: string | undefined;
  readonly onChange: (roles: readonly string[]) => void;
}) {
  return (
    <MultiSelect
      label="Papéis"
      description={HELP.people.roles}
      required
      data={ROLES}
      value={[...roles]}
      error={error}
      onChange={onChange}
    />
  );
}
