import { Alert, Button, Checkbox, Group, Modal, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SheetPreview } from '../../api/client';
import { count } from '../../format/format';
import { Facts } from '../../parts/facts';
import { HiddenCells } from '../../parts/hidden-cells';
import { CellList, SheetRefusal } from '../../parts/sheet-refusal';
import { HELP } from '../../words/help-words';
import { useHold } from './use-hold';

/** Where in the file to look; what is left out, the service chooses and says. */
export interface ImportChoice {
  readonly tab?: string;
  readonly column?: string;
}

/** How a file is shown and taken over. */
export interface ImportWay {
  readonly preview: (file: File, choice: ImportChoice) => Promise<SheetPreview>;
  /** @param isConfirmed that much is meant to go */
  readonly apply: (file: File, choice: ImportChoice, isConfirmed: boolean) => Promise<void>;
  readonly hasColumn: boolean;
  /** A first line may be the title of its column. */
  readonly hasTitle: boolean;
  /** Wrong lines are left out of a list; of a table, nothing is taken then. */
  readonly leavesOut: boolean;
}

const COLUMNS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');

/** What a file would change, before it does; takes it over when somebody says so. */
export function ImportDialog({
  file,
  way,
  onClose,
}: {
  readonly file: File;
  readonly way: ImportWay;
  readonly onClose: () => void;
}) {
  const [choice, setChoice] = useState<ImportChoice>({});
  const [isConfirmed, setConfirmed] = useState(false);
  const [opened] = useState(() => crypto.randomUUID());
  useHold();
  const preview = useQuery({
    queryKey: ['import-preview', opened, choice],
    queryFn: () => way.preview(file, choice),
    retry: false,
    gcTime: 0,
  });
  const apply = useMutation({ mutationFn: () => way.apply(file, choice, isConfirmed), onSuccess: onClose });
  const shown = preview.data;
  const choose = (change: ImportChoice): void => {
    setChoice({ ...choice, ...change });
    setConfirmed(false);
    apply.reset();
  };
  return (
    <Modal opened onClose={onClose} title={`Importar ${file.name}`} size="lg">
      <Stack>
        {preview.isPending && <Text size="sm">Lendo o arquivo…</Text>}
        {preview.error !== null && <SheetRefusal error={preview.error} />}
        {shown !== undefined && <Place shown={shown} way={way} onChoose={choose} />}
        {shown !== undefined && <HiddenCells hidden={shown.hidden} />}
        {shown !== undefined && <Changes shown={shown} />}
        {shown !== undefined && shown.problems.length > 0 && (
          <Alert color={way.leavesOut ? 'orange' : 'red'} role="alert" title={refusedTitle(shown, way)}>
            <CellList errors={shown.problems} />
          </Alert>
        )}
        {shown?.asks_for === 'confirm_removal' && (
          <Checkbox
            checked={isConfirmed}
            label={
              shown.removed === null
                ? 'Sim, mesmo que saia mais de um décimo da lista'
                : `Sim, tirar ${itemsOf(shown.removed)} da lista`
            }
            description={HELP.policy.sheetRemove}
            onChange={(event) => {
              setConfirmed(event.currentTarget.checked);
            }}
          />
        )}
        {apply.error !== null && <SheetRefusal error={apply.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Voltar
          </Button>
          <Button
            loading={apply.isPending}
            disabled={!mayApply(shown, way, isConfirmed)}
            onClick={() => {
              apply.mutate();
            }}
          >
            {verbOf(shown, way)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Which tab and column were read, and which else there are. */
function Place({
  shown: { tab, tabs, column, head },
  way: { hasColumn, hasTitle },
  onChoose,
}: {
  readonly shown: SheetPreview;
  readonly way: ImportWay;
  readonly onChoose: (choice: ImportChoice) => void;
}) {
  const hidden = tabs.filter((one) => one.hidden).map(({ name }) => `“${name}”`);
  return (
    <>
      <SimpleGrid cols={2}>
        {tab !== null && (
          <Select
            label="Aba lida"
            description={HELP.policy.sheetTab}
            allowDeselect={false}
            data={tabs.map(({ name, hidden: isHidden }) => ({
              value: name,
              label: isHidden ? `${name} (oculta)` : name,
            }))}
            value={tab}
            onChange={(name) => {
              if (name !== null) onChoose({ tab: name });
            }}
          />
        )}
        {hasColumn && (
          <Select
            label="Coluna lida"
            allowDeselect={false}
            description={
              !hasTitle
                ? HELP.policy.sheetColumnWhole
                : head === null
                  ? HELP.policy.sheetColumn
                  : `${HELP.policy.sheetColumn}: “${head}”`
            }
            data={COLUMNS}
            value={column}
            onChange={(letter) => {
              if (letter !== null) onChoose({ column: letter });
            }}
          />
        )}
      </SimpleGrid>
      {hidden.length > 0 && (
        <Alert color="yellow">
          {hidden.length === 1 ? 'O arquivo tem uma aba oculta' : 'O arquivo tem abas ocultas'}:{' '}
          {hidden.join(', ')}.
        </Alert>
      )}
    </>
  );
}

function Changes({ shown }: { readonly shown: SheetPreview }) {
  const known = (name: string, value: number | null): readonly (readonly [string, string])[] =>
    value === null ? [] : [[name, count(value)]];
  return (
    <Facts
      items={[
        ['Linhas lidas', count(shown.rows)],
        ...known('Entram', shown.added),
        ...known('Saem', shown.removed),
        ...known('Mudam', shown.changed),
        ['Recusadas', count(shown.refused)],
      ]}
    />
  );
}

const itemsOf = (size: number): string => `${count(size)} ${size === 1 ? 'item' : 'itens'}`;

function refusedTitle({ refused }: SheetPreview, { leavesOut }: ImportWay): string {
  const lines = refused === 1 ? '1 linha não serve' : `${count(refused)} linhas não servem`;
  return leavesOut
    ? `${lines} e ${refused === 1 ? 'fica' : 'ficam'} de fora`
    : `${lines}: nada será importado`;
}

function mayApply(shown: SheetPreview | undefined, way: ImportWay, isConfirmed: boolean): boolean {
  if (shown === undefined) return false;
  if (way.leavesOut ? shown.rows <= shown.refused : shown.refused > 0) return false;
  return shown.asks_for === null || isConfirmed;
}

function verbOf(shown: SheetPreview | undefined, way: ImportWay): string {
  if (shown === undefined || !way.leavesOut || shown.refused === 0) return 'Importar';
  return `Aplicar os outros ${count(shown.rows - shown.refused)}`;
}
