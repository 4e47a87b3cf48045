import { Badge, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { Panel } from '../../parts/panel';
import { Literal } from '../../parts/literal';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, bodyOf, type SystemReport } from '../../api/client';
import { bytes, count, dateTime } from '../../format/format';
import { Facts } from '../../parts/facts';
import { Page } from '../../parts/page';
import { Empty, Loaded } from '../../parts/states';
import { AUCTION_STATUS, PERIODIC_WORK, STATUS_REASON, wordOf } from '../../words/words';
import { SETTING } from '../../words/setting-words';
import { useSession } from '../../session/session-provider';
import { Latency } from './latency';
import { NotificationEndpoints } from './notification-endpoints';
import { ParkedEvents } from './parked-events';
import { QiFilters } from './qi-filters';
import { QiWindows } from './qi-windows';
import { Reconciliation } from './reconciliation';
import { TroubleList } from './trouble-list';

/** For the engineer on call: what is stuck, what was missed and why, how fast, who runs, with which settings. */
export function HealthPage() {
  const query = useQuery({
    queryKey: ['system'],
    queryFn: () => bodyOf(api.GET('/api/v1/system')),
    refetchInterval: 5_000,
  });
  return (
    <Page title="Saúde">
      <Panel title="Agora">
        <TroubleList />
      </Panel>
      <Loaded query={query} lines={10}>
        {(report) => <Panels report={report} />}
      </Loaded>
    </Page>
  );
}

function Panels({ report }: { readonly report: SystemReport }) {
  const { may } = useSession();
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Panel title="Respostas da QI" note="Aos nossos lances: agora, e no último quarto de hora">
          <QiWindows report={report} />
        </Panel>
        <Stack>
          <Panel title="Notificações da QI">
            <Facts
              items={[
                ['Na fila', count(report.events.new)],
                ['Esperam outra notificação', count(report.events.waiting)],
                ['Paradas', count(report.events.parked)],
                ['Mais antiga na fila', dateTime(report.events.oldest_new_at)],
              ]}
            />
          </Panel>
          <Panel
            title="Cálculo da QI e o nosso"
            note="Simulações da QI nas últimas 24 horas, contra os nossos números"
          >
            <Facts
              items={[
                ['Comparadas', count(report.drift.compared)],
                ['Divergentes', count(report.drift.differing)],
              ]}
            />
          </Panel>
        </Stack>
      </SimpleGrid>
      <Panel title="Da notificação ao lance" note="Última hora, minuto a minuto">
        <Latency report={report} />
      </Panel>
      <Panel
        title="Notificações paradas"
        note="Nada se perde: cada uma pode ser tratada de novo a partir do original guardado, ou dada por resolvida"
      >
        <ParkedEvents />
      </Panel>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Panel title="Leilões não enviados, recusados ou sem desfecho" note="Últimas 24 horas, e por quê">
          <Missed report={report} />
        </Panel>
        <Panel title="Processos">
          <Instances report={report} />
        </Panel>
        <Panel title="Filtro da QI" note="Que pedidos a QI nos manda; mudar exige duas pessoas">
          <QiFilters />
        </Panel>
        <Panel title="Conciliação" note="O que a QI sabe e nós não sabíamos">
          <Reconciliation />
        </Panel>
      </SimpleGrid>
      {may('notifications.read') && (
        <Panel title="Notificações" note="Que outros sistemas sabem na hora do que acontece aqui">
          <NotificationEndpoints />
        </Panel>
      )}
      <Panel title="Configuração" note="De um segredo só se diz se está definido">
        <Settings report={report} />
      </Panel>
    </Stack>
  );
}

function Missed({ report: { missed } }: { readonly report: SystemReport }) {
  if (missed.length === 0)
    return <Empty title="Nenhum">Todo leilão teve a resposta que a política mandou.</Empty>;
  return (
    <Table aria-label="Leilões sem resposta">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Situação</Table.Th>
          <Table.Th>Por quê</Table.Th>
          <Table.Th ta="right">Quantos</Table.Th>
          <Table.Th>Último</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {missed.map(({ status, reason, count: times, latest_at: latest }) => (
          <Table.Tr key={`${status} ${reason}`}>
            <Table.Td>{wordOf(AUCTION_STATUS, status)}</Table.Td>
            <Table.Td>{reason === '' ? '–' : wordOf(STATUS_REASON, reason)}</Table.Td>
            <Table.Td ta="right">{count(times)}</Table.Td>
            <Table.Td>{dateTime(latest)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const ROLE: Readonly<Record<string, string>> = { all: 'tudo', web: 'web', worker: 'trabalho' };

function Instances({ report: { instances, database } }: { readonly report: SystemReport }) {
  return (
    <Stack gap="xs">
      <Table aria-label="Processos">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Onde</Table.Th>
            <Table.Th>Papel</Table.Th>
            <Table.Th>Versão</Table.Th>
            <Table.Th>Desde</Table.Th>
            <Table.Th ta="right">Relógio</Table.Th>
            <Table.Th>Estado</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {instances.map((instance) => (
            <Table.Tr key={instance.id}>
              <Table.Td>
                <Literal>{instance.host}</Literal>
                {instance.is_this_one && ' (este)'}
              </Table.Td>
              <Table.Td>{wordOf(ROLE, instance.role)}</Table.Td>
              <Table.Td>
                <Literal>{instance.version === '' ? '–' : instance.version}</Literal>
              </Table.Td>
              <Table.Td>{dateTime(instance.started_at)}</Table.Td>
              <Table.Td ta="right" c={instance.decides ? undefined : 'red'}>
                {instance.clock_offset_ms === null ? '–' : `${count(instance.clock_offset_ms)} ms`}
                {!instance.decides && ' (não decide)'}
              </Table.Td>
              <Table.Td>
                <Badge variant="light" color={instance.alive ? 'teal' : 'red'} tt="none">
                  {instance.alive ? 'vivo' : 'sem sinal'}
                </Badge>
                {instance.alive && instance.dry_run === true && instance.role !== 'web' && (
                  <Text size="xs" c="red">
                    Em ensaio: não envia nada
                  </Text>
                )}
                {instance.alive && instance.late_work.length > 0 && (
                  <Text size="xs" c="red">
                    Parado: {instance.late_work.map((job) => wordOf(PERIODIC_WORK, job)).join(', ')}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed">
        PostgreSQL <Literal>{database.version}</Literal>, {bytes(Number(database.size_bytes))}, acesso como{' '}
        <Literal>{database.role}</Literal>
        {database.privilege !== 'restricted' && ', que pode desfazer as travas da trilha de auditoria'}.{' '}
        <Link to="/restauracao" className="link">
          Restaurações
        </Link>
      </Text>
    </Stack>
  );
}

function Settings({ report: { settings } }: { readonly report: SystemReport }) {
  return (
    <Table aria-label="Configuração">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Nome</Table.Th>
          <Table.Th>Valor</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {settings.map(({ name, value }) => (
          <Table.Tr key={name}>
            <Table.Td>
              {wordOf(SETTING, name)}
              <Text size="xs" c="dimmed" component="div">
                <Literal>{name}</Literal>
              </Text>
            </Table.Td>
            <Table.Td>
              <Literal>{value === '' ? '–' : value}</Literal>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
