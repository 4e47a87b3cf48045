import { Button } from '@mantine/core';
import { FileChooser } from './file-chooser';
import { SheetRefusal } from './sheet-refusal';

interface Props {
  /** What the file holds, for who does not see the page. */
  readonly label: string;
  readonly preview: { readonly isPending: boolean; readonly error: unknown };
  readonly onFile: (file: File) => void;
}

/** Asks for a sheet that is looked at before anything comes of it, and says why one was refused. */
export function SheetChooser({ label, preview, onFile }: Props) {
  return (
    <>
      <FileChooser accept=".csv,.xlsx" inputProps={{ 'aria-label': label }} onFile={onFile}>
        {(props) => (
          <Button variant="default" loading={preview.isPending} {...props}>
            Escolher o arquivo
          </Button>
        )}
      </FileChooser>
      {preview.error !== null && <SheetRefusal error={preview.error} />}
    </>
  );
}
