import { Badge, Button, Group, Paper, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client';
import { dateTime } from '../../format/format';
import { tellFailure } from '../../parts/notices';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { actorWord, EXPORT_STATUS, wordOf } from '../../words/words';
import { HandOver } from './hand-over';
import { FORMATS, NewSchedule } from './new-schedule';
import { recurrenceInWords } from './recurrence';

/** Views that are exported again and again: everybody's, for the files are for whoever may export. */
export function Schedules() {
  const queries = useQueryClient();
  const mayExport = useSession().may('exports.create');
  const query = useQuery({
    queryKey: ['export-schedules'],
    queryFn: () => bodyOf(api.GET('/api/v1/export-schedules')),
  });
  const settled = {
    onSettled: () => queries.invalidateQueries({ queryKey: ['export-schedules'] }),
    onError: tellFailure,
  };
  const remove = useMutation({
    mutationFn: (id: string) =>
      bodyOf(api.DELETE('/api/v1/export-schedules/{id}', { params: { path: { id } } })),
    ...settled,
  });
  return (
    <Paper p="md" component="section" aria-label="Exportações agendadas">
      <Title order={2}>Agendadas</Title>
      <Text size="sm" c="dimmed" mb="sm">
        Quem pode exportar abre os arquivos. Quem deve ser avisado por e-mail se cadastra em Saúde,
        Notificações.
      </Text>
      {mayExport && <NewSchedule settled={settled} />}
      <Loaded query={query} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nada agendado">
              Escolha uma visão, um formato e quando: o arquivo passa a se fazer sozinho.
            </Empty>
          ) : (
            <Table.ScrollContainer minWidth={760}>
              <Table aria-label="Exportações agendadas">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Visão</Table.Th>
                    <Table.Th>De quem</Table.Th>
                    <Table.Th>Formato</Table.Th>
                    <Table.Th>Quando</Table.Th>
                    <Table.Th>Próxima</Table.Th>
                    <Table.Th>Última</Table.Th>
                    <Table.Th aria-label="Ações" />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((item) => (
                    <Table.Tr key={item.id}>
                      <Table.Td>{item.view_name}</Table.Td>
                      <Table.Td>{actorWord(item.owner)}</Table.Td>
                      <Table.Td>{FORMATS.find(({ value }) => value === item.format)?.label}</Table.Td>
                      <Table.Td>{recurrenceInWords(item)}</Table.Td>
                      <Table.Td>
                        {item.is_paused ? (
                          <>
                            <Badge variant="light" color="yellow" tt="none">
                              em pausa
                            </Badge>
                            <Text size="xs">Quem agendou não pode mais exportar</Text>
                          </>
                        ) : (
                          dateTime(item.next_at)
                        )}
                      </Table.Td>
                      <Table.Td>
                        {item.last_status === null ? (
                          '–'
                        ) : (
                          <Badge
                            variant="light"
                            color={item.last_status === 'failed' ? 'red' : 'gray'}
                            tt="none"
                          >
                            {wordOf(EXPORT_STATUS, item.last_status)}
                          </Badge>
                        )}
                      </Table.Td>
                      <Table.Td ta="right">
                        <Group gap="xs" justify="flex-end" wrap="nowrap">
                          {item.is_paused && <HandOver id={item.id} view={item.view_name} />}
                          {mayExport && (
                            <Button
                              size="compact-sm"
                              variant="subtle"
                              color="gray"
                              aria-label={`Tirar ${item.view_name} das agendadas`}
                              onClick={() => {
                                remove.mutate(item.id);
                              }}
                            >
                              Tirar
                            </Button>
                          )}
                        </Group>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
    </Paper>
  );
}
