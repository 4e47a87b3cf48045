import { Text } from '@mantine/core';

/** A code to the letter, for whoever quotes it: to QI, in a file, in a log. A word for it stands beside it. */
export function Literal({ children, size }: { readonly children: string; readonly size?: 'xs' }) {
  return (
    <Text span inherit={size === undefined} size={size ?? ''} className="mono breaks" translate="no">
      {children}
    </Text>
  );
}
