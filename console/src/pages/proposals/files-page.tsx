import { Alert, Button, Code, Group, List, Paper, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf, type BatchPreview } from '../../api/client';
import { dateTime } from '../../format/format';
import { HiddenCells } from '../../parts/hidden-cells';
import { LinkButton } from '../../parts/link-button';
import { MoreButton } from '../../parts/more-button';
import { Page } from '../../parts/page';
import { sentFile, sheetTypeOf } from '../../parts/sent-file';
import { SheetChooser } from '../../parts/sheet-chooser';
import { CellList, SheetRefusal } from '../../parts/sheet-refusal';
import { Empty, Loaded } from '../../parts/states';
import { shownBy } from '../../parts/shown-by';
import { useSession } from '../../session/session-provider';
import { actorWord } from '../../words/words';

/** Files that start many proposals at once: what was sent, and a new one, looked at before it starts anything. */
export function FilesPage() {
  const { may } = useSession();
  const query = useInfiniteQuery({
    queryKey: ['proposal-batches'],
    queryFn: ({ pageParam }) =>
      bodyOf(
        api.GET('/api/v1/proposal-batches', {
          params: { query: { ...(pageParam !== '' && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return (
    <Page
      title="Arquivos de propostas"
      subtitle="Uma proposta por linha, de um CSV ou Excel"
      actions={
        <LinkButton to="/propostas" variant="default">
          Propostas
        </LinkButton>
      }
    >
      {may('proposals.act') && <NewFile />}
      <Paper p="md" mt="md">
        <Loaded query={query}>
          {({ pages }) => <FileTable files={pages.flatMap(({ items }) => items)} />}
        </Loaded>
        <MoreButton query={query} mt="sm" />
      </Paper>
    </Page>
  );
}

function NewFile() {
  const [file, setFile] = useState<File>();
  const preview = useMutation({
    mutationFn: (chosen: File) =>
      bodyOf(api.POST('/api/v1/proposal-batches/preview', sentFile(chosen, sheetTypeOf(chosen)))),
  });
  return (
    <Paper p="md">
      <Title order={2} mb={4}>
        Novo arquivo
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Colunas: <Code>cpf</Code>, <Code>nome</Code>, <Code>data_nascimento</Code>, <Code>pep</Code>,{' '}
        <Code>valor_desejado</Code>. Só o CPF é obrigatório. Nada começa antes de você conferir; o mesmo
        arquivo enviado de novo não começa nada.
      </Text>
      <SheetChooser
        label="Arquivo de propostas"
        preview={preview}
        onFile={(chosen) => {
          setFile(chosen);
          preview.mutate(chosen);
        }}
      />
      {file !== undefined && preview.data !== undefined && <Previewed file={file} preview={preview.data} />}
    </Paper>
  );
}

function Previewed({ file, preview }: { readonly file: File; readonly preview: BatchPreview }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const starting = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/proposal-batches', sentFile(file, sheetTypeOf(file)))),
    onSuccess: ({ batch_id: id }) => void navigate({ to: '/propostas/arquivos/$id', params: { id } }),
    onSettled: (_done, error) => shownBy(queries.invalidateQueries(), error),
  });
  if (preview.known_batch !== null)
    return (
      <Alert mt="md" color="yellow" title="Este arquivo já foi enviado">
        <Link className="link" to="/propostas/arquivos/$id" params={{ id: preview.known_batch }}>
          Ver o que ele começou
        </Link>
      </Alert>
    );
  const problems = preview.refused.flatMap((line) => line.problems);
  return (
    <Alert mt="md" color="gray" variant="outline" title={file.name} data-preview>
      <List size="sm" mb="sm">
        <List.Item>{preview.starting} linhas começam uma proposta cada</List.Item>
        <List.Item>{preview.refused.length} linhas são recusadas</List.Item>
      </List>
      <HiddenCells hidden={preview.hidden} />
      <CellList
        errors={problems.map(({ place, column, message }) => ({
          path: place,
          message: `${column}: ${message}`,
        }))}
      />
      {starting.error !== null && <SheetRefusal error={starting.error} />}
      <Group mt="sm">
        <Button
          loading={starting.isPending}
          disabled={preview.starting === 0}
          onClick={() => {
            starting.mutate();
          }}
        >
          Começar {preview.starting} propostas
        </Button>
      </Group>
    </Alert>
  );
}

interface FileRow {
  readonly id: string;
  readonly created_at: string;
  readonly created_by: string;
  readonly started: number;
  readonly refused: number;
}

function FileTable({ files }: { readonly files: readonly FileRow[] }) {
  if (files.length === 0) return <Empty title="Nenhum arquivo">Envie o primeiro acima.</Empty>;
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table aria-label="Arquivos">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Enviado</Table.Th>
            <Table.Th>Por</Table.Th>
            <Table.Th ta="right">Propostas</Table.Th>
            <Table.Th ta="right">Linhas recusadas</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map(({ id, created_at: at, created_by: by, started, refused }) => (
            <Table.Tr key={id} data-file={id}>
              <Table.Td>
                <Link className="link" to="/propostas/arquivos/$id" params={{ id }}>
                  {dateTime(at)}
                </Link>
              </Table.Td>
              <Table.Td>{actorWord(by)}</Table.Td>
              <Table.Td ta="right">{started}</Table.Td>
              <Table.Td ta="right">{refused}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
