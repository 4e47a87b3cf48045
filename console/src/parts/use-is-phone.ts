import { useMediaQuery } from '@mantine/hooks';

/** Below the width at which the navigation folds away (theme breakpoint `sm`). */
export const useIsPhone = (): boolean =>
  useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false });
