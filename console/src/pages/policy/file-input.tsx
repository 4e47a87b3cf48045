import { Alert, Button, FileButton, List, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ApiProblem, sentenceOf } from '../../api/problem';

const MAX_SHOWN = 12;

interface Props {
  readonly label: string;
  readonly isBusy: boolean;
  readonly disabled?: boolean;
  readonly onFile: (file: File) => void;
}

/** Out to a spreadsheet, once everything is saved. */
export function DownloadButtons({
  isChanged,
  onFormat,
}: {
  readonly isChanged: boolean;
  readonly onFormat: (format: 'csv' | 'xlsx') => void;
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

/** A button that asks for a spreadsheet: CSV or XLSX. */
export function SheetButton({ label, isBusy, disabled = false, onFile }: Props) {
  return (
    <FileButton
      accept=".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
      onChange={(file) => {
        if (file !== null) onFile(file);
      }}
    >
      {(props) => (
        <Button size="xs" variant="default" loading={isBusy} disabled={disabled} {...props}>
          {label}
        </Button>
      )}
    </FileButton>
  );
}

/** By its name: what browsers say of a file's type depends on what is installed. */
export function sheetTypeOf({ name }: File): string {
  return /\.xlsx$/i.test(name)
    ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    : 'text/csv';
}

/** Why a file was not taken, cell by cell. */
export function SheetRefusal({
  error,
  children,
}: {
  readonly error: unknown;
  readonly children?: ReactNode;
}) {
  const errors = error instanceof ApiProblem ? error.errors : [];
  const [isLong, setLong] = useState(false);
  const shown = isLong ? errors : errors.slice(0, MAX_SHOWN);
  return (
    <Alert color="red" role="alert" title={error instanceof ApiProblem ? error.title : 'Não foi importado'}>
      {errors.length === 0 && <Text size="sm">{sentenceOf(error)}</Text>}
      <List size="sm">
        {shown.map(({ path, message }) => (
          <List.Item key={`${path} ${message}`}>
            {path !== '' && <b>{/^[A-Z]{1,3}\d+$/.test(path) ? `Célula ${path}` : path}: </b>}
            {message}
          </List.Item>
        ))}
      </List>
      {errors.length > shown.length && (
        <Button
          size="xs"
          variant="subtle"
          onClick={() => {
            setLong(true);
          }}
        >
          Mais {errors.length - shown.length}
        </Button>
      )}
      {children}
    </Alert>
  );
}
