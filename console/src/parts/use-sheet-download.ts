import { useMutation } from '@tanstack/react-query';
import { tellFailure } from './notices';
import { saveAnswer, type Answer } from './save-as';

export type SheetFormat = 'csv' | 'xlsx';

/** A sheet in the format of the button that was pressed. */
export function useSheetDownload(name: string, get: (format: SheetFormat) => Promise<Answer>) {
  return useMutation({
    mutationFn: (format: SheetFormat) => saveAnswer(get(format), `${name}.${format}`),
    onError: tellFailure,
  });
}
