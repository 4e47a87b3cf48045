import { Alert, Button, List, Text } from '@mantine/core';
import { useState } from 'react';
import { ApiProblem, sentenceOf } from '../api/problem';

const MAX_SHOWN = 12;
/** As in `C7`, or `Vigente!C7` in a workbook. */
const A_CELL = /(^|!)[A-Z]{1,3}\d+$/;

interface CellError {
  readonly path: string;
  readonly message: string;
}

/** Why a file was not taken, cell by cell. */
export function SheetRefusal({ error }: { readonly error: unknown }) {
  const errors = error instanceof ApiProblem ? error.errors : [];
  return (
    <Alert color="red" role="alert" title={error instanceof ApiProblem ? error.title : 'Não foi importado'}>
      {errors.length === 0 && <Text size="sm">{sentenceOf(error)}</Text>}
      <CellList errors={errors} />
    </Alert>
  );
}

/** The wrong cells of a file, the first of them unless one asks for more. */
export function CellList({ errors }: { readonly errors: readonly CellError[] }) {
  const [isLong, setLong] = useState(false);
  const shown = isLong ? errors : errors.slice(0, MAX_SHOWN);
  return (
    <>
      <List size="sm">
        {shown.map(({ path, message }) => (
          <List.Item key={`${path} ${message}`}>
            {path !== '' && <b>{A_CELL.test(path) ? `Célula ${path}` : path}: </b>}
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
    </>
  );
}
