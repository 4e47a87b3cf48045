import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client';
import { HELP } from '../../words/help-words';

/** The person who answers for a token, beyond whose roles it never goes. */
export function KeeperInput({
  keeper,
  error,
  onChange,
}: {
  readonly keeper: string | null;
  readonly error?: string | undefined;
  readonly onChange: (username: string | null) => void;
}) {
  const { data } = useQuery({
    queryKey: ['users', 'keepers'],
    queryFn: () => bodyOf(api.GET('/api/v1/users', { params: { query: { limit: 200 } } })),
  });
  const people = (data?.items ?? []).filter(({ disabled_at }) => disabled_at === null);
  return (
    <Select
      label="Responde por ele"
      description={HELP.people.keeper}
      required
      searchable
      openOnFocus={false}
      data={people.map(({ username }) => username)}
      value={keeper}
      error={error}
      onChange={onChange}
    />
  );
}
