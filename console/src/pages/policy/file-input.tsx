import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { FileChooser } from '../../parts/file-chooser';
import type { SheetFormat } from '../../parts/use-sheet-download';
import type { ImportWay } from './import-dialog';

const ImportDialog = lazy(() =>
  import('./import-dialog').then((dialog) => ({ default: dialog.ImportDialog })),
);

/** Out to a spreadsheet, once everything is saved. */
export function DownloadButtons({
  isChanged,
  onFormat,
}: {
  readonly isChanged: boolean;
  readonly onFormat: (format: SheetFormat) => void;
}) {
  return (['xlsx', 'csv'] as const).map((format) => (
    <Button
      key={format}
      size="xs"
      variant="default"
      disabled={isChanged}
      title={isChanged ? 'Salve antes: a planilha é a da versão guardada' : undefined}
      onClick={() => {
        onFormat(format);
      }}
    >
      Baixar {format.toUpperCase()}
    </Button>
  ));
}

/** A button that asks for a spreadsheet, CSV or XLSX, and shows what it would change before it does. */
export function SheetButton({
  label,
  disabled = false,
  way,
}: {
  readonly label: string;
  readonly disabled?: boolean;
  readonly way: ImportWay;
}) {
  const [chosen, setChosen] = useState<{ readonly file: File; readonly turn: number }>();
  return (
    <>
      <FileChooser
        accept=".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        disabled={disabled}
        onFile={(file) => {
          setChosen({ file, turn: (chosen?.turn ?? 0) + 1 });
        }}
      >
        {(props) => (
          <Button
            size="xs"
            variant="default"
            disabled={disabled}
            title={disabled ? 'Salve antes: a planilha muda a versão guardada' : undefined}
            {...props}
          >
            {label}
          </Button>
        )}
      </FileChooser>
      {chosen !== undefined && (
        <Suspense>
          <ImportDialog
            key={chosen.turn}
            file={chosen.file}
            way={way}
            onClose={() => {
              setChosen(undefined);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
