import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { tellFailure } from '../../parts/notices';
import { saveAs } from '../../parts/save-as';

type Format = 'csv' | 'xlsx';

/** What stands on the screen, as a file. */
export function SheetDownload({
  name,
  get,
}: {
  readonly name: string;
  readonly get: (format: Format) => Promise<{ readonly data?: unknown; readonly response: Response }>;
}) {
  const download = useMutation({
    mutationFn: async (format: Format) => {
      const { data, response } = await get(format);
      saveAs(data, response, `${name}.${format}`);
    },
    onError: tellFailure,
  });
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
