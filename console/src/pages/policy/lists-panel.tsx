import {
  ActionIcon,
  Button,
  Group,
  Modal,
  Paper,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Textarea,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client';
import { count, dateTime } from '../../format/format';
import { Empty } from '../../parts/states';
import { useSheetDownload } from '../../parts/use-sheet-download';
import { Icon } from '../../shell/icons';
import { Literal } from '../../parts/literal';
import { actorWord } from '../../words/words';
import { HELP } from '../../words/help-words';
import { useDictionary } from './dictionary';
import { freshName, type Manuscript, type PolicyList } from './document';
import { DownloadButtons, SheetButton } from './file-input';
import { useInlineListImport, useOutsideListImport } from './import-ways';
import { errorAt, messageAt, messageAtEntries, type Problem } from './problems';

interface Props extends Manuscript {
  readonly number: number;
  readonly hash: string;
  /** There is something that is not saved yet. */
  readonly isChanged: boolean;
  readonly isEditable: boolean;
  /** Lists may be declared and removed, not only filled. */
  readonly mayDeclare: boolean;
  readonly problems: readonly Problem[];
  readonly onChange: (manuscript: Manuscript) => void;
}

/** The named lists: short ones stand in the document, long and personal ones are imported and stand outside it. */
export function ListsPanel({
  number,
  hash,
  isChanged,
  document,
  lists,
  isEditable,
  mayDeclare,
  problems,
  onChange,
}: Props) {
  const [isOpen, { open, close }] = useDisclosure();
  const replace = (name: string, list: PolicyList, stored: Manuscript['lists']): void => {
    onChange({
      document: { ...document, lists: document.lists.map((other) => (other.name === name ? list : other)) },
      lists: stored,
    });
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Regras e tabelas as usam pelo nome. CPFs só podem ficar em listas importadas, cifradas.
        </Text>
        {isEditable && mayDeclare && (
          <Button size="xs" onClick={open}>
            Nova lista
          </Button>
        )}
      </Group>
      {document.lists.length === 0 && (
        <Empty title="Nenhuma lista">
          {isEditable && mayDeclare
            ? 'Crie a primeira em “Nova lista”; regras e tabelas a usam pelo nome.'
            : 'Num rascunho, quem escreve políticas cria a primeira.'}
        </Empty>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {document.lists.map((list, at) => (
          <ListCard
            key={list.name}
            number={number}
            hash={hash}
            isChanged={isChanged}
            list={list}
            stored={lists[list.name]}
            isEditable={isEditable}
            error={errorAt(problems, `lists[${String(at)}]`) ?? messageAt(problems, `lists[${list.name}]`)}
            advice={messageAtEntries(problems, `lists[${String(at)}]`, list.entries ?? [])}
            onEntries={(entries) => {
              const { [list.name]: _, ...others } = lists;
              replace(list.name, { ...list, entries }, others);
            }}
            onStored={(sha256) => {
              const { entries: _, ...outside } = list;
              replace(list.name, outside, { ...lists, [list.name]: sha256 });
            }}
            onRemove={
              mayDeclare
                ? () => {
                    const { [list.name]: _, ...others } = lists;
                    onChange({
                      document: { ...document, lists: document.lists.filter((other) => other !== list) },
                      lists: others,
                    });
                  }
                : undefined
            }
          />
        ))}
      </SimpleGrid>
      {isOpen && (
        <NewList
          taken={document.lists.map(({ name }) => name)}
          onClose={close}
          onAdd={(list) => {
            onChange({ document: { ...document, lists: [...document.lists, list] }, lists });
            close();
          }}
        />
      )}
    </Stack>
  );
}

interface CardProps extends Pick<Props, 'number' | 'hash' | 'isChanged'> {
  readonly list: PolicyList;
  /** The hash of the stored list, for one kept outside. */
  readonly stored: string | undefined;
  readonly isEditable: boolean;
  readonly error: string | undefined;
  readonly advice: string | undefined;
  readonly onEntries: (entries: readonly string[]) => void;
  readonly onStored: (sha256: string) => void;
  readonly onRemove: (() => void) | undefined;
}

function ListCard({
  number,
  hash,
  isChanged,
  list,
  stored,
  isEditable,
  error,
  advice,
  onEntries,
  onStored,
  onRemove,
}: CardProps) {
  const dictionary = useDictionary();
  const isPersonal = dictionary.field(list.of)?.personal === true;
  const isInside = list.entries !== undefined && !isPersonal;
  const inside = useInlineListImport(number, hash, list.name);
  const outside = useOutsideListImport(list, stored, onStored);
  const imported = useQuery({
    queryKey: ['policy-lists'],
    queryFn: () => bodyOf(api.GET('/api/v1/policies/lists')),
  });
  const info = imported.data?.items.find(({ sha256 }) => sha256 === stored);
  return (
    <Paper p="md" data-list={list.name}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Title order={2}>{list.label}</Title>
            <Text size="sm" c="dimmed">
              {dictionary.labelOf(list.of)} · <Literal>{list.name}</Literal> ·{' '}
              {list.entries === undefined
                ? info === undefined
                  ? 'importada'
                  : `${count(info.size)} itens importados`
                : `${count(list.entries.length)} ${list.entries.length === 1 ? 'item' : 'itens'}`}
            </Text>
          </div>
          {isEditable && onRemove !== undefined && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Tirar a lista ${list.label}`}
              onClick={onRemove}
            >
              <Icon name="close" size={16} />
            </ActionIcon>
          )}
        </Group>
        {list.entries === undefined ? (
          <Text size="sm">
            {info === undefined
              ? 'Ainda sem arquivo: importe um.'
              : `De “${info.source}”, por ${actorWord(info.imported_by)}, ${dateTime(info.imported_at)}.`}
          </Text>
        ) : isPersonal ? (
          <Text size="sm">Vazia. Dados pessoais entram só por importação.</Text>
        ) : (
          <Entries
            list={list}
            entries={list.entries}
            isEditable={isEditable}
            error={advice ?? error}
            onChange={onEntries}
          />
        )}
        {list.entries === undefined || isPersonal
          ? error !== undefined && (
              <Text size="sm" c="red" role="alert">
                {error}
              </Text>
            )
          : null}
        <Group gap="xs">
          {isInside && <Downloads number={number} isChanged={isChanged} name={list.name} />}
          {isEditable && (
            <SheetButton
              label="Importar CSV ou XLSX"
              disabled={isInside && isChanged}
              way={isInside ? inside : outside}
            />
          )}
          {isEditable && list.entries === undefined && (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                onEntries([]);
              }}
            >
              {isPersonal ? 'Esvaziar' : 'Escrever aqui'}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

/** A list of the document, as it was saved, for a spreadsheet. */
function Downloads({
  number,
  isChanged,
  name,
}: Pick<Props, 'number' | 'isChanged'> & { readonly name: string }) {
  const download = useSheetDownload(name, (format) => {
    const params = { path: { number, list: name }, query: { format } };
    return api.GET('/api/v1/policies/{number}/lists/{list}', { params, parseAs: 'blob' });
  });
  return <DownloadButtons isChanged={isChanged} onFormat={download.mutate} />;
}

function Entries({
  list,
  entries,
  isEditable,
  error,
  onChange,
}: {
  readonly list: PolicyList;
  readonly entries: readonly string[];
  readonly isEditable: boolean;
  readonly error: string | undefined;
  readonly onChange: (entries: readonly string[]) => void;
}) {
  const [typed, setTyped] = useState<string>();
  return (
    <Textarea
      aria-label={list.label}
      description={isEditable ? helpFor(list) : undefined}
      readOnly={!isEditable}
      placeholder="vazia"
      autosize
      minRows={3}
      maxRows={14}
      classNames={{ input: 'mono' }}
      spellCheck={false}
      value={typed ?? entries.join('\n')}
      error={error}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        onChange([...new Set(text.split(/[\s,;]+/).filter((entry) => entry !== ''))]);
      }}
      onBlur={() => {
        setTyped(undefined);
      }}
    />
  );
}

const helpFor = ({ of }: PolicyList): string =>
  of === 'employer_root' ? HELP.policy.listRoots : HELP.policy.listEntries;

function NewList({
  taken,
  onClose,
  onAdd,
}: {
  readonly taken: readonly string[];
  readonly onClose: () => void;
  readonly onAdd: (list: PolicyList) => void;
}) {
  const { fields } = useDictionary();
  const [label, setLabel] = useState('');
  const [of, setOf] = useState<string | null>(null);
  const named = fields.filter(({ type }) => ['text', 'code', 'code_list'].includes(type));
  return (
    <Modal opened onClose={onClose} title="Nova lista">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (of === null) return;
          const name = label
            .normalize('NFD')
            .replace(/[^\w ]/g, '')
            .trim()
            .toLowerCase()
            .replace(/\s+/g, '_');
          onAdd({
            name: freshName(name === '' ? 'lista' : name, taken),
            of,
            label: label.trim(),
            entries: [],
          });
        }}
      >
        <Stack>
          <TextInput
            label="Nome"
            description={HELP.policy.listName}
            data-autofocus
            required
            value={label}
            onChange={(event) => {
              setLabel(event.currentTarget.value);
            }}
          />
          <Select
            label="Lista de"
            description={HELP.policy.listOf}
            required
            searchable
            data={named.map((field) => ({ value: field.name, label: field.label }))}
            value={of}
            onChange={setOf}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Voltar
            </Button>
            <Button type="submit" disabled={label.trim() === '' || of === null}>
              Acrescentar
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
