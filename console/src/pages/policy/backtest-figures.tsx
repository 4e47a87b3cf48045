import { Alert, Group, List, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Literal } from '../../parts/literal';
import { count, dateTime, decimal, monthlyRate, reais, shortKey } from '../../format/format';
import { reasonWord } from '../../words/words';
import type { Figures } from './backtest-report';

const KIND: Readonly<Record<string, string>> = {
  gained: 'passa a ofertar',
  lost: 'deixa de ofertar',
  changed: 'muda a oferta',
  other_reasons: 'recusa por outros motivos',
};
const MAX_ROWS = 12;

/** What the version would have done beside the other: in numbers, why, and what it may mean for wins. */
export function BacktestFigures({
  figures,
  isShort = false,
}: {
  readonly figures: Figures;
  /** Without the tables: for a page that has more to show. */
  readonly isShort?: boolean;
}) {
  const { requests, baseline, candidate, changed, wins, segments } = figures;
  return (
    <Stack>
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Tile name="Pedidos" value={count(requests)} />
        <Tile name="Lances" value={count(candidate.bids)} note={difference(candidate.bids - baseline.bids)} />
        <Tile
          name="Valor ofertado"
          value={reais(candidate.disbursed_amount)}
          note={`antes ${reais(baseline.disbursed_amount)}`}
        />
        <Tile
          name="Taxa média"
          value={monthlyRate(candidate.average_monthly_rate)}
          note={`antes ${monthlyRate(baseline.average_monthly_rate)}`}
        />
        <Tile
          name="Decide o mesmo"
          value={count(requests - changed.gained - changed.lost - changed.changed - changed.other_reasons)}
        />
        <Tile name="Passa a ofertar" value={count(changed.gained)} />
        <Tile name="Deixa de ofertar" value={count(changed.lost)} />
        <Tile name="Muda a oferta" value={count(changed.changed)} />
        <Tile name="Recusa por outros motivos" value={count(changed.other_reasons)} />
      </SimpleGrid>
      <Wins wins={wins} />
      <Remarks figures={figures} />
      {!isShort && (
        <>
          <SimpleGrid cols={{ base: 1, lg: 2 }}>
            <Causes causes={changed.causes} />
            <Reasons before={baseline.reasons} after={candidate.reasons} />
          </SimpleGrid>
          <Segments segments={segments} />
          <Examples examples={changed.examples} />
        </>
      )}
    </Stack>
  );
}

const difference = (by: number): string =>
  by === 0 ? 'como antes' : `${by > 0 ? '+' : '−'}${count(Math.abs(by))}`;

function Tile({
  name,
  value,
  note,
}: {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}) {
  return (
    <Paper p="sm">
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text fw={650} fz="lg" className="numbers">
        {value}
      </Text>
      <Text size="xs" c="dimmed" mih={17} className="numbers">
        {note}
      </Text>
    </Paper>
  );
}

function Wins({ wins: { verdict, because, effect } }: { readonly wins: Figures['wins'] }) {
  const tenths = (value: number): string => decimal(String(value), 1);
  return (
    <Alert
      color={verdict === 'not_judged' ? 'yellow' : 'gray'}
      title={
        verdict === 'judged' && effect !== null
          ? `Leilões ganhos: ${effect.wins >= 0 ? '+' : ''}${tenths(effect.wins)} (de ${tenths(effect.low)} a ${tenths(effect.high)}, com 95 % de confiança)`
          : verdict === 'no_change'
            ? 'Leilões ganhos: sem mudança'
            : 'Leilões ganhos: não se pode julgar'
      }
    >
      <Text size="sm">{because}</Text>
    </Alert>
  );
}

function Remarks({ figures: { unusual_reasons: unusual, ...figures } }: { readonly figures: Figures }) {
  const { limits_lifted: limitsLifted = 0, erased = 0, kept_after: keptAfter = null } = figures;
  const remarks = [
    unusual.never.length > 0 &&
      `Motivos que não apareceram em pedido nenhum: ${unusual.never.map(reasonWord).join(', ')}.`,
    unusual.always.length > 0 &&
      `Motivos que apareceram em todos: ${unusual.always.map(reasonWord).join(', ')}.`,
    figures.assumed_standing > 0 &&
      `${figures.assumed_standing === 1 ? 'Um pedido nunca foi decidido: tratado' : `${count(figures.assumed_standing)} pedidos nunca foram decididos: tratados`} como de quem não tem outras ofertas.`,
    limitsLifted > 0 &&
      `${limitsLifted === 1 ? 'Um pedido que um limite deteve recebe' : `${count(limitsLifted)} pedidos que um limite deteve recebem`} lance, pois a versão não tem o limite ou seu lance cabe nele; quanto ela mesma já teria usado dele não se sabe.`,
    keptAfter !== null &&
      `${erased === 1 ? 'Um pedido recebido' : `${count(erased)} pedidos recebidos`} até ${dateTime(keptAfter)} ${erased === 1 ? 'ficou' : 'ficaram'} de fora: os dados dos que não ganhamos já foram apagados, e julgar pelos ganhos apenas enganaria.`,
    figures.unreadable > 0 && `${count(figures.unreadable)} pedidos não puderam ser lidos e ficaram de fora.`,
    figures.failed > 0 && `${count(figures.failed)} decisões falharam: é um defeito a procurar.`,
  ].filter((remark) => remark !== false);
  if (remarks.length === 0) return null;
  return (
    <List size="sm">
      {remarks.map((remark) => (
        <List.Item key={remark}>{remark}</List.Item>
      ))}
    </List>
  );
}

function Causes({ causes }: { readonly causes: Figures['changed']['causes'] }) {
  return (
    <div>
      <Title order={3} size="h5" mb={4}>
        O que causou as mudanças
      </Title>
      {causes.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nenhuma decisão muda.
        </Text>
      ) : (
        <Table aria-label="Causas">
          <Table.Tbody>
            {causes.slice(0, MAX_ROWS).map(({ kind, cause, requests }) => (
              <Table.Tr key={`${kind} ${cause}`}>
                <Table.Td>
                  <Literal>{cause}</Literal>
                </Table.Td>
                <Table.Td>{KIND[kind] ?? kind}</Table.Td>
                <Table.Td ta="right">{count(requests)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}

function Reasons({
  before,
  after,
}: {
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
}) {
  const codes = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return (
    <div>
      <Title order={3} size="h5" mb={4}>
        Motivos
      </Title>
      <Table aria-label="Motivos">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Motivo</Table.Th>
            <Table.Th ta="right">Antes</Table.Th>
            <Table.Th ta="right">Nesta versão</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {codes.slice(0, MAX_ROWS).map((code) => (
            <Table.Tr key={code}>
              <Table.Td>{reasonWord(code)}</Table.Td>
              <Table.Td ta="right">{count(before[code] ?? 0)}</Table.Td>
              <Table.Td ta="right">{count(after[code] ?? 0)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Segments({ segments }: { readonly segments: Figures['segments'] }) {
  return (
    <div>
      <Title order={3} size="h5" mb={4}>
        Por valor e prazo pedidos
      </Title>
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label="Segmentos">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Segmento</Table.Th>
              <Table.Th ta="right">Pedidos</Table.Th>
              <Table.Th ta="right">Lances antes</Table.Th>
              <Table.Th ta="right">Lances nesta</Table.Th>
              <Table.Th ta="right">Taxa antes</Table.Th>
              <Table.Th ta="right">Taxa nesta</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {segments.map(({ segment, requests, baseline, candidate }) => (
              <Table.Tr key={segment}>
                <Table.Td>{segment}</Table.Td>
                <Table.Td ta="right">{count(requests)}</Table.Td>
                <Table.Td ta="right">{count(baseline.bids)}</Table.Td>
                <Table.Td ta="right">{count(candidate.bids)}</Table.Td>
                <Table.Td ta="right">{monthlyRate(baseline.average_monthly_rate)}</Table.Td>
                <Table.Td ta="right">{monthlyRate(candidate.average_monthly_rate)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

function Examples({ examples }: { readonly examples: Figures['changed']['examples'] }) {
  if (examples.length === 0) return null;
  return (
    <div>
      <Title order={3} size="h5" mb={4}>
        Alguns dos leilões que mudam
      </Title>
      <Group gap="xs">
        {examples.slice(0, MAX_ROWS).map(({ auction, kind }) => (
          <Link
            key={auction}
            className="link mono"
            to="/historico/$key"
            params={{ key: auction }}
            title={KIND[kind] ?? kind}
          >
            {shortKey(auction)}
          </Link>
        ))}
      </Group>
    </div>
  );
}
