import { Alert, Button, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { PolicyVersion } from '../../api/client';
import { dateTime } from '../../format/format';
import { actorWord } from '../../words/words';
import { Literal } from '../../parts/literal';
import { placeInWords } from './change-words';
import { useDictionary } from './dictionary';
import { documentOf, type Manuscript } from './document';
import { differences, merge, type Difference } from './merge';
import { valueInWords } from './part-words';

interface Props {
  /** As it was read before anything was changed. */
  readonly base: Manuscript;
  readonly mine: Manuscript;
  /** As somebody else has saved it meanwhile. */
  readonly theirs: PolicyVersion;
  readonly onReapply: (merged: Manuscript) => void;
  readonly onDiscard: () => void;
}

const MAX_SHOWN = 30;
const LONGEST = 90;

/** Two people at one draft: the second is told, sees what the first changed, and decides; nothing is overwritten. */
export function ConflictAlert({ base, mine, theirs, onReapply, onDiscard }: Props) {
  const [preferred, setPreferred] = useState<readonly string[]>([]);
  const stored: Manuscript = { document: documentOf(theirs.document), lists: theirs.lists };
  const changed = differences(base, stored);
  const own = differences(base, mine);
  const { value, conflicts } = merge(base, mine, stored, (path) => preferred.includes(path));
  const isConflict = (path: string): boolean => conflicts.some((conflict) => conflict.path === path);
  return (
    <Alert color="orange" role="alert" title="Outra pessoa salvou este rascunho">
      <Stack gap="sm">
        <Text size="sm">
          Em {dateTime(theirs.changed_at)}; autores: {theirs.authors.map(actorWord).join(', ')}. Nada foi
          sobrescrito. Você mudou {own.length} {own.length === 1 ? 'lugar' : 'lugares'}, a outra pessoa{' '}
          {changed.length};{' '}
          {conflicts.length === 0
            ? 'nenhum em comum.'
            : `${String(conflicts.length)} em comum: escolha o que vale em cada um.`}
        </Text>
        <Table aria-label="O que a outra pessoa mudou" layout="fixed" highlightOnHover={false}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="36%">Onde</Table.Th>
              <Table.Th>Era</Table.Th>
              <Table.Th>Da outra pessoa</Table.Th>
              <Table.Th>Seu</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {conflicts.map(({ path, base: before, mine: own, theirs: other }) => (
              <Table.Tr key={path}>
                <Table.Td className="breaks">
                  <Where path={path} />
                  <SegmentedControl
                    mt={4}
                    size="xs"
                    aria-label={`O que vale em ${placeOf(path)}`}
                    data={[
                      { value: 'theirs', label: 'Da outra pessoa' },
                      { value: 'mine', label: 'O meu' },
                    ]}
                    value={preferred.includes(path) ? 'mine' : 'theirs'}
                    onChange={(whose) => {
                      const others = preferred.filter((one) => one !== path);
                      setPreferred(whose === 'mine' ? [...others, path] : others);
                    }}
                  />
                </Table.Td>
                <Said path={path} value={before} />
                <Said path={path} value={other} />
                <Said path={path} value={own} />
              </Table.Tr>
            ))}
            {changed
              .filter(({ path }) => !isConflict(path))
              .slice(0, MAX_SHOWN)
              .map((difference) => (
                <TheirRow key={difference.path} difference={difference} />
              ))}
          </Table.Tbody>
        </Table>
        {changed.length > MAX_SHOWN && (
          <Text size="sm" c="dimmed">
            e mais {changed.length - MAX_SHOWN}
          </Text>
        )}
        <Group>
          <Button
            size="xs"
            onClick={() => {
              onReapply(value);
            }}
          >
            Reaplicar as minhas mudanças
          </Button>
          <Button size="xs" variant="default" onClick={onDiscard}>
            Descartar as minhas
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function TheirRow({ difference: { path, before, after } }: { readonly difference: Difference }) {
  return (
    <Table.Tr>
      <Table.Td className="breaks">
        <Where path={path} />
      </Table.Td>
      <Said path={path} value={before} />
      <Said path={path} value={after} />
      <Table.Td>–</Table.Td>
    </Table.Tr>
  );
}

/** Within the document, as everywhere else. */
const placeOf = (path: string): string => path.replace(/^document\./, '');

function Where({ path }: { readonly path: string }) {
  const dictionary = useDictionary();
  return (
    <>
      <Text size="sm">{placeInWords(placeOf(path), dictionary)?.words}</Text>
      <Text size="xs" c="dimmed" component="div">
        <Literal>{placeOf(path)}</Literal>
      </Text>
    </>
  );
}

/** What stands there, as the editor shows it. */
function Said({ path, value }: { readonly path: string; readonly value: unknown }) {
  const dictionary = useDictionary();
  const unitOf = (field: string) => dictionary.field(field)?.unit ?? undefined;
  const fields = { ...dictionary, unitOf };
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  const text =
    value === undefined ? '–' : valueInWords(written, placeInWords(placeOf(path), fields) ?? {}, fields);
  return (
    <Table.Td className="breaks">{text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}</Table.Td>
  );
}
