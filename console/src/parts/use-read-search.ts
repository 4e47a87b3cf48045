import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';

/** What the address says, as its page reads it. The router hands on, beside what was read, what could not be. */
export function useReadSearch<Search>(read: (search: Record<string, unknown>) => Search): Search {
  const search: Record<string, unknown> = useSearch({ strict: false });
  return useMemo(() => read(search), [read, search]);
}
