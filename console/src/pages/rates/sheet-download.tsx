import { Button } from '@mantine/core';
import type { Answer } from '../../parts/save-as';
import { useSheetDownload, type SheetFormat } from '../../parts/use-sheet-download';

/** What stands on the screen, as a file. */
export function SheetDownload({
  name,
  get,
}: {
  readonly name: string;
  readonly get: (format: SheetFormat) => Promise<Answer>;
}) {
  const download = useSheetDownload(name, get);
  return (['csv', 'xlsx'] as const).map((format) => (
    <Button
      key={format}
      variant="default"
      loading={download.isPending && download.variables === format}
      onClick={() => {
        download.mutate(format);
      }}
    >
      Baixar {format.toUpperCase()}
    </Button>
  ));
}
